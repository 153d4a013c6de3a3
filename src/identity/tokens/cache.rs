//! Tokens that were verified a moment ago: what makes a check cost microseconds. The
//! authenticator asks it; `changes.rs` empties it. It never decides whether a token is good.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use kit::clock::Time;
use kit::policy::Caller;
use sha2::{Digest, Sha256};

/// A cached caller is about 1 KiB.
const CAPACITY: usize = 10_000;

type Key = [u8; 32];

/// Callers by the digest of their token.
///
/// An entry is good only in the generation in which its rows were read. A reader notes the
/// generation *before* it reads; a change raises it *after* its commit. So an entry made from
/// rows older than a finished change is always of an older generation.
#[derive(Default)]
pub(crate) struct TokenCache {
    generation: AtomicU64,
    entries: Mutex<HashMap<Key, Entry>>,
}

struct Entry {
    generation: u64,
    caller: Caller,
}

impl TokenCache {
    /// The generation to hand to [`TokenCache::put`] after reading.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Makes every entry worthless.
    pub(crate) fn invalidate(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// The caller of a token that is still good.
    pub(crate) fn get(&self, token: &str, now: Time) -> Option<Caller> {
        let key = key(token);
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(&key)?;
        let good = entry.generation == self.generation() && now < entry.caller.expires_at;
        good.then(|| entry.caller.clone())
    }

    /// Keeps what was read in `generation`.
    pub(crate) fn put(&self, token: &str, generation: u64, caller: Caller) {
        let key = key(token);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= CAPACITY {
            entries.retain(|_, entry| entry.generation == generation);
        }
        if entries.len() >= CAPACITY {
            entries.clear();
        }
        entries.insert(key, Entry { generation, caller });
    }
}

/// Tokens themselves are not kept in memory.
fn key(token: &str) -> Key {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use kit::ids::{ProjectId, UserId};

    use super::*;

    fn caller(expires_at: i64) -> Caller {
        let internal = Caller::internal(&ProjectId::from("p"), &UserId::from("u"));
        Caller { expires_at: Time(expires_at), ..internal }
    }

    #[test]
    fn an_entry_ends_with_its_token_and_with_its_generation() {
        let cache = TokenCache::default();
        cache.put("t", cache.generation(), caller(10));
        assert!(cache.get("t", Time(9)).is_some());
        assert!(cache.get("t", Time(10)).is_none());
        cache.invalidate();
        assert!(cache.get("t", Time(9)).is_none());
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_beyond_it() {
        let cache = TokenCache::default();
        let generation = cache.generation();
        cache.invalidate();
        cache.put("t", generation, caller(10));
        assert!(cache.get("t", Time(9)).is_none());
    }

    #[test]
    fn the_cache_is_bounded() {
        let cache = TokenCache::default();
        for number in 0..=CAPACITY {
            cache.put(&number.to_string(), 0, caller(10));
        }
        assert!(cache.entries.lock().unwrap().len() <= CAPACITY);
    }
}
