// HQ, live: rows and entries drawn by the server are put in place, glow once, and never move what is under the pointer.
(() => {
  "use strict";
  const words = JSON.parse(document.body.dataset.words || "{}");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

  // Ages and countdowns
  const span = (minutes) => {
    const h = Math.floor(minutes / 60);
    if (minutes < 60) return fill(words.min, { m: minutes });
    if (minutes < 1440) return fill(words.hm, { h, m: minutes % 60 });
    return fill(words.dh, { d: Math.floor(minutes / 1440), h: h % 24 });
  };
  const age = (minutes) => {
    if (minutes < 1) return words.now;
    if (minutes < 60) return fill(words.minAgo, { n: minutes });
    if (minutes < 2880) return fill(words.hAgo, { n: Math.floor(minutes / 60) });
    return fill(words.dAgo, { n: Math.floor(minutes / 1440) });
  };
  const tick = () => {
    const now = Date.now() / 1000;
    for (const time of document.querySelectorAll("time[data-age]")) {
      time.textContent = age(Math.floor((now - time.dataset.age) / 60));
    }
    for (const time of document.querySelectorAll("time[data-due]")) {
      const left = Math.trunc((time.dataset.due - now) / 60);
      time.textContent = fill(left < 0 ? words.over : words.left, { t: span(Math.abs(left)) });
      time.className = "due " + (left < 0 ? "over" : left < 60 ? "soon" : "calm");
    }
  };

  // Live parts
  const part = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  };
  const glow = (element) => {
    element.classList.add("glow");
    element.addEventListener("animationend", () => element.classList.remove("glow"), { once: true });
  };
  const isBusy = (element) => element.matches(":hover") || element.contains(document.activeElement);
  const isShown = (element) => document.getElementById(element.id)?.textContent === element.textContent;
  const replace = (element) => {
    const old = element.id && document.getElementById(element.id);
    if (old) {
      const focused = old.contains(document.activeElement);
      old.replaceWith(element);
      if (focused) element.querySelector("a")?.focus();
      glow(element);
    }
    return Boolean(old);
  };
  const arrivals = (button, count) => {
    button.textContent = fill(button.dataset.text, { n: count });
    button.hidden = count === 0;
  };
  const listen = (address, events) => {
    const source = new EventSource(address);
    const off = document.querySelector(".live-off");
    source.onopen = () => {
      document.body.classList.remove("is-off");
      document.body.classList.add("is-live");
    };
    source.onerror = () => {
      const now = new Date();
      const clock = [now.getHours(), now.getMinutes()].map((n) => String(n).padStart(2, "0")).join(":");
      if (!document.body.classList.contains("is-off")) off.textContent = fill(words.off, { time: clock });
      document.body.classList.remove("is-live");
      document.body.classList.add("is-off");
    };
    for (const [name, act] of Object.entries(events)) source.addEventListener(name, (event) => act(event.data));
  };

  const queue = document.querySelector("table.queue, .arrivals[href]");
  if (queue) {
    const table = document.querySelector("table.queue");
    const button = document.querySelector(".arrivals");
    const unseen = new Set();
    listen(table?.dataset.live ?? "/hq/live", {
      row: (html) => {
        const row = part(html);
        if (!row || replace(row)) return;
        unseen.add(row.id);
        arrivals(button, unseen.size);
      },
    });
  }

  const ticket = document.querySelector("article.ticket");
  if (ticket) {
    const list = ticket.querySelector(".timeline ol");
    const button = ticket.querySelector(".timeline .arrivals");
    const held = [];
    const show = () => {
      for (const entry of held.splice(0)) {
        list.prepend(entry);
        glow(entry);
      }
      arrivals(button, 0);
    };
    button.addEventListener("click", show);
    listen(ticket.dataset.live, {
      entry: (html) => {
        const entry = part(html);
        // A stream that begins tells once more what became of links.
        if (!entry || isShown(entry) || held.some(({ id }) => id === entry.id) || replace(entry)) return;
        held.push(entry);
        if (isBusy(list.parentElement) || document.hidden) arrivals(button, held.length);
        else show();
      },
      part: (html) => replace(part(html)),
    });
  }

  const waiting = document.querySelector("#waiting[data-live]");
  if (waiting) {
    const button = document.querySelector(".arrivals");
    const rows = (list) => [...list.querySelectorAll("tbody tr")];
    const without = (list, other) => list.filter((row) => !other.some(({ id }) => id === row.id));
    // Whoever is about to decline keeps his row; sent too late, the form says so.
    const isInHand = (row) => row.contains(document.activeElement) || row.querySelector("details[open]")
      || [...row.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
    const changes = (list) => ({
      come: without(rows(list), rows(waiting)),
      gone: without(rows(waiting), rows(list)).filter((row) => !isInHand(row)),
    });
    let held = null;
    const show = () => {
      const list = held;
      const { come, gone } = changes(list);
      const more = list.querySelector(".more");
      held = null;
      arrivals(button, 0);
      for (const row of gone) row.remove();
      let last = null;
      for (const row of rows(list)) {
        const old = document.getElementById(row.id);
        if (!old && rows(waiting).length > 0) last ? last.after(row) : waiting.querySelector("tbody").prepend(row);
        last = old || row;
      }
      if (rows(waiting).length === 0) waiting.replaceChildren(...list.children);
      waiting.querySelector(".more")?.remove();
      if (more) waiting.querySelector("section")?.append(more);
      come.forEach(glow);
    };
    button.addEventListener("click", show);
    listen(waiting.dataset.live, {
      part: (html) => {
        const cell = part(html);
        if (cell?.id && !isShown(cell)) replace(cell);
      },
      requests: (html) => {
        held = part(html);
        const { come, gone } = changes(held);
        const moves = come.length + gone.length;
        const isBelow = [...document.querySelectorAll("#waiting, #waiting ~ *")].some(isBusy);
        if (moves > 0 && isBelow) arrivals(button, moves);
        else show();
      },
    });
  }

  // Copying
  for (const button of document.querySelectorAll("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    const before = button.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = before; }, 2000);
    });
  }

  setInterval(tick, 20000);
})();
