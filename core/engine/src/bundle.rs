//! Bundles: what one phone hands another where no network reaches (`docs/adr/0013`).
//!
//! A bundle holds unsent work of tickets and articles that both may hold, each lane as its author's phone signed it, and
//! what HQ vouched for below it. It is sealed for one phone, whose key HQ proves. Taken in, it is *carried*: shown beside
//! what this phone knows, brought to HQ, and never part of the accepted state nor of what own work is built on. Nothing a
//! carrier says changes anything on its author's phone: only HQ's own word does.

mod export;
mod import;
pub(crate) mod seal;

use fieldline_model::card::Card;
use fieldline_model::certificate::Papers;
use fieldline_model::id::{DocumentId, EngineerId};
use fieldline_model::time::Timestamp;
use serde::Serialize;

use crate::engine::{Engine, Inner};
use crate::error::EngineError;
use crate::store::carried::papers_get;
use crate::store::identity::{Enrolment, Seal};

/// Most bytes a phone carries for others; a crew's week has a tenth of that.
pub const CARRIED_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Why there is no bundle, or why one is not taken. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// The bytes are no bundle at all.
    #[error("not a bundle")]
    NotABundle,
    /// It was made by an app that is too new for this one.
    #[error("the bundle is of a newer version")]
    Newer,
    /// It was made by an app that is too old for this one.
    #[error("the bundle is of a version too old")]
    Older,
    /// Larger than a bundle may be.
    #[error("the bundle is too large")]
    TooLarge,
    /// It was changed or cut on its way.
    #[error("the bundle is damaged")]
    Damaged,
    /// It is of another company.
    #[error("the bundle is of another company")]
    OtherCompany,
    /// It was made for another phone, or for a key this one has no more.
    #[error("the bundle is for another phone")]
    NotForMe,
    /// What was shown is no phone's card.
    #[error("not a phone's card")]
    NoCard,
    /// HQ does not prove the other phone.
    #[error("the other phone is not proven")]
    PeerUnproven,
    /// HQ's word for the other phone has run out: it was away from HQ for too long.
    #[error("the other phone's certificate has expired")]
    PeerExpired,
    /// The other phone is this one.
    #[error("the card is this phone's own")]
    PeerSelf,
    /// HQ has not yet given this phone its word, or that has run out: it has to sync once.
    #[error("this phone has no certificate")]
    NoPapers,
    /// HQ revoked this phone: it hands nothing on and takes nothing.
    #[error("this phone is revoked")]
    Revoked,
    /// Nothing is here that HQ may lack and the other phone may hold.
    #[error("nothing to hand over")]
    Nothing,
    /// This phone carries as much as it may.
    #[error("no room to carry more")]
    Full,
}

impl BundleError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotABundle => "bundle_unknown",
            Self::Newer => "bundle_newer",
            Self::Older => "bundle_older",
            Self::TooLarge => "bundle_too_large",
            Self::Damaged => "bundle_damaged",
            Self::OtherCompany => "bundle_other_company",
            Self::NotForMe => "bundle_not_for_me",
            Self::NoCard => "card_unknown",
            Self::PeerUnproven => "peer_unproven",
            Self::PeerExpired => "peer_expired",
            Self::PeerSelf => "peer_self",
            Self::NoPapers => "no_certificate",
            Self::Revoked => "phone_revoked",
            Self::Nothing => "bundle_nothing",
            Self::Full => "carried_full",
        }
    }
}

/// A bundle, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The sealed bytes, for the other phone alone.
    pub bytes: Vec<u8>,
    /// Whose phone that is.
    pub to: EngineerId,
    /// Documents in it.
    pub documents: usize,
    /// Operations in it that HQ has not answered here: own, and those carried for others.
    pub operations: usize,
}

/// What came of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Whose phone made it.
    pub from: EngineerId,
    /// Changes this phone carries from now on.
    pub carried: usize,
    /// Changes that were known here, or are this phone's own.
    pub known: usize,
    /// What was not taken, and why.
    pub refused: Vec<NotCarried>,
}

/// Changes that this phone does not carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotCarried {
    /// The document they are for.
    pub document: DocumentId,
    /// How many.
    pub changes: usize,
    /// A code of the door, of `model::reason`, or `peer_unproven`.
    pub code: String,
}

impl Engine {
    /// What this phone shows a colleague's, so that it can be handed work.
    ///
    /// # Errors
    /// [`BundleError::NoPapers`] until HQ has given its word, [`BundleError::Revoked`]; [`EngineError::NotEnrolled`],
    /// [`EngineError::KeyLost`].
    pub fn card(&self, moment: &crate::Moment<'_>) -> Result<Card, EngineError> {
        self.read(|inner| {
            let now = inner.now(&moment.time);
            let (me, papers, seed) = inner.proven(now)?;
            let key = seal::public_key(&seed);
            Ok(Card::issue(me.organisation, papers.certificate, &me.key, key))
        })
    }
}

impl Engine {
    /// Whether the phone with this card may be handed something by this one.
    pub(crate) fn check_peer(&self, card: &Card, moment: &crate::Moment<'_>) -> Result<(), EngineError> {
        self.read(|inner| inner.facing(card, inner.now(&moment.time)).map(|_| ()))
    }
}

impl Inner {
    /// Who this phone is, and HQ's word for it, where it may hand something to the phone with this card.
    fn facing(&self, card: &Card, now: Timestamp) -> Result<(Enrolment, Papers), EngineError> {
        let (me, papers, _) = self.proven(now)?;
        let peer = &card.certificate;
        if card.organisation != me.organisation {
            return Err(BundleError::OtherCompany.into());
        }
        if !card.is_proven(&papers.hq_key) {
            return Err(BundleError::PeerUnproven.into());
        }
        if peer.device == me.device {
            return Err(BundleError::PeerSelf.into());
        }
        if !peer.is_good_at(now) {
            return Err(BundleError::PeerExpired.into());
        }
        Ok((me, papers))
    }

    /// Who this phone is, HQ's word for it, and its secret, where it may hand over and be handed things.
    fn proven(&self, now: Timestamp) -> Result<(Enrolment, Papers, [u8; 32]), EngineError> {
        let identity = &self.identity;
        let me = identity.enrolled()?;
        if identity.key_lost || identity.seal == Seal::Broken {
            return Err(EngineError::KeyLost);
        }
        if identity.revoked {
            return Err(BundleError::Revoked.into());
        }
        let papers = papers_get(&self.store.conn)?
            .filter(|papers| papers_are_of(papers, me) && papers.certificate.is_good_at(now))
            .ok_or(BundleError::NoPapers)?;
        let seed = identity.key_seed.ok_or(EngineError::KeyLost)?;
        Ok((me.clone(), papers, seed))
    }
}

/// HQ's word is for this phone as it is now.
pub(crate) fn papers_are_of(papers: &Papers, me: &Enrolment) -> bool {
    let certificate = &papers.certificate;
    certificate.device == me.device
        && certificate.device_key == me.key.public()
        && certificate.is_by(&papers.hq_key, me.organisation)
}
