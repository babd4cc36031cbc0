//! Receipts: what the server vouches for, under a key that no backup of it holds.
//!
//! With a page the server signs one root over the heads of all documents the page and its verdicts touched. A phone keeps
//! it, and can show for each document a short path to that root. Heads name, by their hashes, all that went before them,
//! so a receipt proves a whole history to a server that has lost it. What must never happen here: two sets of documents
//! with the same root.

use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::actor::LineSignature;
use crate::id::{DocumentId, OrganisationId};
use crate::wire::Proof;

/// A hash in the tree.
pub type Node = [u8; 32];

/// The leaf of a document that stands at these heads, sorted.
#[must_use]
pub fn leaf(document: DocumentId, sorted_heads: &[[u8; 32]]) -> Node {
    let mut hash = Sha256::new();
    hash.update(b"leaf\0");
    hash.update(document.to_string().as_bytes());
    hash.update([0]);
    for head in sorted_heads {
        hash.update(head);
    }
    hash.finalize().into()
}

fn join(left: &Node, right: &Node) -> Node {
    let mut hash = Sha256::new();
    hash.update(b"node\0");
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// The level above: pairs are joined, an odd one rises as it is.
fn above(level: &[Node]) -> Vec<Node> {
    let joined = |pair: &[Node]| match pair {
        [left, right] => join(left, right),
        [one, ..] => *one,
        [] => [0; 32],
    };
    level.chunks(2).map(joined).collect()
}

/// The root over these leaves, in the order they have; `None` of nothing.
#[must_use]
pub fn root(leaves: &[Node]) -> Option<Node> {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = above(&level);
    }
    level.first().copied()
}

/// What joins the leaf at `place` to the root.
#[must_use]
pub fn path(leaves: &[Node], mut place: usize) -> Vec<Node> {
    let (mut level, mut path) = (leaves.to_vec(), Vec::new());
    while level.len() > 1 {
        path.extend(level.get(place ^ 1));
        level = above(&level);
        place /= 2;
    }
    path
}

/// The root a path leads to from the leaf at `place` of `count`; `None` when they do not belong together.
#[must_use]
pub fn climb(leaf: Node, mut place: usize, mut count: usize, path: &[Node]) -> Option<Node> {
    if place >= count {
        return None;
    }
    let (mut node, mut path) = (leaf, path.iter());
    while count > 1 {
        if place ^ 1 < count {
            let other = path.next()?;
            node = if place.is_multiple_of(2) {
                join(&node, other)
            } else {
                join(other, &node)
            };
        }
        (place, count) = (place / 2, count.div_ceil(2));
    }
    path.next().is_none().then_some(node)
}

fn message(organisation: OrganisationId, root: &Node) -> Vec<u8> {
    let mut message = b"fieldline receipt 1\0".to_vec();
    message.extend_from_slice(&organisation.to_bytes());
    message.extend_from_slice(root);
    message
}

/// The server's key pair for receipts. The secret is in no backup and never prints.
#[derive(Clone)]
pub struct ReceiptKey(SigningKey);

impl std::fmt::Debug for ReceiptKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReceiptKey(…)")
    }
}

impl ReceiptKey {
    /// The key pair with this secret seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Vouches for everything below this root.
    #[must_use]
    pub fn sign(&self, organisation: OrganisationId, root: &Node) -> LineSignature {
        self.sign_message(&message(organisation, root))
    }

    /// Signs a message that says by its first bytes of which kind it is.
    pub(crate) fn sign_message(&self, message: &[u8]) -> LineSignature {
        LineSignature(self.0.sign(message).to_bytes())
    }
}

/// True when the holder of `public` signed this message. A malformed public key verifies nothing.
#[must_use]
pub fn verify_message(public: &[u8; 32], message: &[u8], signature: &LineSignature) -> bool {
    VerifyingKey::from_bytes(public)
        .is_ok_and(|key| key.verify(message, &Signature::from_bytes(&signature.0)).is_ok())
}

/// True when the holder of `public` vouched for this root.
#[must_use]
pub fn vouches(
    public: &[u8; 32],
    organisation: OrganisationId,
    root: &Node,
    signature: &LineSignature,
) -> bool {
    verify_message(public, &message(organisation, root), signature)
}

/// True when the holder of `public` vouched that the document stood at the heads of this proof.
#[must_use]
pub fn proves(public: &[u8; 32], organisation: OrganisationId, document: DocumentId, proof: &Proof) -> bool {
    let heads: Vec<[u8; 32]> = proof.heads.iter().map(|head| **head).collect();
    let path: Vec<Node> = proof.path.iter().map(|node| **node).collect();
    let number = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    climb(
        leaf(document, &heads),
        number(proof.place),
        number(proof.count),
        &path,
    )
    .is_some_and(|root| vouches(public, organisation, &root, &proof.signature))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TicketId;

    fn leaves(count: u8) -> Vec<Node> {
        let ticket = |n| DocumentId::from(TicketId::from_bytes([n; 16]));
        (0..count).map(|n| leaf(ticket(n), &[[n; 32]])).collect()
    }

    #[test]
    fn every_leaf_of_every_tree_has_a_path_and_no_other_has_it() {
        for count in 1..=33_u8 {
            let leaves = leaves(count);
            let root = root(&leaves).unwrap();
            for (place, leaf) in leaves.iter().enumerate() {
                let path = path(&leaves, place);
                assert_eq!(climb(*leaf, place, leaves.len(), &path), Some(root));
                let other = leaves[(place + 1) % leaves.len()];
                if leaves.len() > 1 {
                    assert_ne!(climb(other, place, leaves.len(), &path), Some(root));
                    assert_eq!(climb(*leaf, place, leaves.len(), &path[1..]), None);
                }
                let longer: Vec<Node> = path.iter().copied().chain([[0; 32]]).collect();
                assert_eq!(climb(*leaf, place, leaves.len(), &longer), None);
                assert_eq!(climb(*leaf, leaves.len(), leaves.len(), &path), None);
            }
        }
    }

    #[test]
    fn a_receipt_holds_for_its_root_its_company_and_its_key_alone() {
        let [mine, theirs] = [[1; 16], [2; 16]].map(OrganisationId::from_bytes);
        let key = ReceiptKey::from_seed(&[3; 32]);
        let signature = key.sign(mine, &[4; 32]);
        assert!(vouches(&key.public(), mine, &[4; 32], &signature));
        assert!(!vouches(&key.public(), mine, &[5; 32], &signature));
        assert!(!vouches(&key.public(), theirs, &[4; 32], &signature));
        let other = ReceiptKey::from_seed(&[9; 32]).public();
        assert!(!vouches(&other, mine, &[4; 32], &signature));
    }
}
