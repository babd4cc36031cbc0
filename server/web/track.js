// The progress page, live: the server sends the changed part, drawn by the same function as the page.
(() => {
  "use strict";
  const words = JSON.parse(document.body.dataset.words);
  const fill = (text, n) => text.replace("{n}", n);

  const age = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    if (minutes < 1) return words.now;
    if (minutes < 60) return fill(words.minAgo, minutes);
    if (minutes < 2880) return fill(words.hAgo, Math.floor(minutes / 60));
    return fill(words.dAgo, Math.floor(minutes / 1440));
  };
  const refreshAges = () => {
    for (const time of document.querySelectorAll("time[data-age]")) {
      time.textContent = age(Date.now() / 1000 - time.dataset.age);
    }
  };

  const replace = (html) => {
    const part = document.createElement("template");
    part.innerHTML = html;
    const next = part.content.querySelector("div[id=live]");
    const old = document.getElementById("live");
    if (!next || !old) return;
    const focus = old.contains(document.activeElement) && document.activeElement.getAttribute("href");
    old.replaceWith(next);
    if (focus) next.querySelector(`a[href="${CSS.escape(focus)}"]`)?.focus();
    refreshAges();
  };

  const live = document.getElementById("live");
  if (live && live.dataset.live) {
    const source = new EventSource(live.dataset.live + location.search);
    source.addEventListener("update", (event) => {
      replace(event.data);
      if (!document.getElementById("live").dataset.live) source.close();
    });
  }
  setInterval(refreshAges, 20000);
})();
