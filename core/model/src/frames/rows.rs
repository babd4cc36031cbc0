//! Frames of several rows mixed: pictures in a directory, where another bundle's may lie among those of this one.

use std::collections::BTreeMap;

use super::{Frame, FrameError, Joiner};

/// A row's name and how many frames it has.
type Key = (String, usize);

/// Frames sorted by their row, in whatever order they come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    open: BTreeMap<Key, Joiner>,
    whole: BTreeMap<Key, Vec<u8>>,
    again: usize,
}

/// A row of which frames are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// How many frames were seen.
    pub seen: usize,
    /// How many there are.
    pub count: usize,
    /// The places that were not seen, counted from 1.
    pub missing: Vec<usize>,
}

impl Rows {
    /// Adds what was seen. The same frame may be seen again.
    ///
    /// # Errors
    /// [`FrameError::NotAFrame`] changes nothing; after [`FrameError::Damaged`] that row begins anew.
    pub fn add(&mut self, text: &str) -> Result<(), FrameError> {
        let text = text.trim();
        let frame = Frame::read(text).ok_or(FrameError::NotAFrame)?;
        let key = (frame.name.to_owned(), frame.count);
        if self.whole.contains_key(&key) {
            self.again += 1;
            return Ok(());
        }
        let joiner = self.open.entry(key.clone()).or_default();
        let before = joiner.seen().0;
        let joined = joiner.add(text);
        if !matches!(joined, Ok(None)) {
            self.open.remove(&key);
        } else if self
            .open
            .get(&key)
            .is_some_and(|joiner| joiner.seen().0 == before)
        {
            self.again += 1;
        }
        if let Some(bytes) = joined? {
            self.whole.insert(key, bytes);
        }
        Ok(())
    }

    /// What the rows hold that nothing is missing of.
    pub fn whole(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.whole.values().map(Vec::as_slice)
    }

    /// Of the others the one of which most was seen.
    #[must_use]
    pub fn nearest(&self) -> Option<Row> {
        let joiner = self.open.values().max_by_key(|joiner| joiner.seen().0)?;
        let (seen, count) = joiner.seen();
        Some(Row {
            seen,
            count,
            missing: joiner.missing(),
        })
    }

    /// How many frames came again.
    #[must_use]
    pub fn again(&self) -> usize {
        self.again
    }

    /// How many rows are not whole.
    #[must_use]
    pub fn unfinished(&self) -> usize {
        self.open.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::{FRAME_BYTES_MAX, split};

    fn frames(first: u8, count: usize) -> (Vec<u8>, Vec<String>) {
        let bytes: Vec<u8> = std::iter::successors(Some(first), |n| Some(n.wrapping_add(3)))
            .take(count * FRAME_BYTES_MAX)
            .collect();
        let frames = split(&bytes).unwrap();
        assert_eq!(frames.len(), count);
        (bytes, frames)
    }

    #[test]
    fn rows_that_are_mixed_are_told_apart() {
        let ((mine, my_frames), (_, others)) = (frames(1, 4), frames(2, 3));
        let mut rows = Rows::default();
        for frame in [
            &my_frames[3],
            &others[0],
            &my_frames[0],
            &my_frames[3],
            &others[2],
        ] {
            rows.add(frame).unwrap();
        }
        assert_eq!((rows.whole().len(), rows.again(), rows.unfinished()), (0, 1, 2));
        rows.add(&my_frames[2]).unwrap();
        let nearest = Row {
            seen: 3,
            count: 4,
            missing: vec![2],
        };
        assert_eq!(rows.nearest(), Some(nearest), "the row that most was seen of");
        rows.add(&my_frames[1]).unwrap();
        rows.add(&my_frames[1]).unwrap();
        assert_eq!(rows.whole().collect::<Vec<_>>(), [&mine[..]]);
        assert_eq!((rows.again(), rows.unfinished()), (2, 1));
        assert_eq!(rows.add("https://example.com"), Err(FrameError::NotAFrame));
    }

    #[test]
    fn a_row_with_a_frame_that_was_read_wrong_begins_anew() {
        let (bytes, frames) = frames(1, 2);
        let wrong = frames[0].replacen(":1:2:A", ":1:2:B", 1);
        assert_ne!(wrong, frames[0]);
        let mut rows = Rows::default();
        rows.add(&wrong).unwrap();
        assert_eq!(rows.add(&frames[1]), Err(FrameError::Damaged));
        assert_eq!(rows.nearest(), None);
        rows.add(&frames[0]).unwrap();
        rows.add(&frames[1]).unwrap();
        assert_eq!(rows.whole().collect::<Vec<_>>(), [&bytes[..]]);
    }
}
