//! Clients that are slow: how much must have come of a body, or been taken of an answer, by when.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use http_body_util::{BodyExt, Limited};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};

use crate::portal::Serving;

/// The least rate, and the time before it counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    patience: Duration,
    /// Bytes a second.
    rate: u64,
}

impl Pace {
    pub fn of(serving: &Serving) -> Pace {
        Pace {
            patience: Duration::from_secs(serving.patience_seconds.max(1).into()),
            rate: u64::from(serving.least_rate.max(1)),
        }
    }

    /// How long a client may take until more comes than these bytes.
    fn allowed(self, bytes: u64) -> Duration {
        self.patience + Duration::from_millis(bytes.saturating_mul(1000) / self.rate)
    }
}

/// Why a body did not arrive.
#[derive(Debug)]
pub(super) enum Unread {
    TooLong,
    TooSlow,
    /// The client went away, or sent something that is no body.
    Broken,
}

/// The body as it arrives, at most so many bytes, within `longest` and at the least rate.
pub(super) async fn arriving(
    body: Body,
    most: usize,
    pace: Pace,
    longest: Duration,
) -> std::result::Result<Vec<u8>, Unread> {
    let since = Instant::now();
    let mut body = Limited::new(body, most);
    let mut bytes = Vec::new();
    loop {
        let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let due = since + pace.allowed(read).min(longest);
        match timeout_at(due, body.frame()).await {
            Err(_) => return Err(Unread::TooSlow),
            Ok(None) => return Ok(bytes),
            Ok(Some(Ok(frame))) => bytes.extend(frame.into_data().unwrap_or_default()),
            Ok(Some(Err(e))) if e.is::<http_body_util::LengthLimitError>() => return Err(Unread::TooLong),
            Ok(Some(Err(_))) => return Err(Unread::Broken),
        }
    }
}

/// A connection that ends where the other side does not take what is written.
pub(super) struct Paced<S> {
    stream: S,
    pace: Pace,
    stalled: Option<Stalled>,
}

/// A time in which the system took no more, since an answer first had to wait.
struct Stalled {
    since: Instant,
    taken: u64,
    due: Pin<Box<Sleep>>,
}

impl<S> Paced<S> {
    pub fn new(stream: S, pace: Pace) -> Paced<S> {
        Paced {
            stream,
            pace,
            stalled: None,
        }
    }

    /// Counts what was taken; ends the wait where it was too little.
    fn watch<T>(
        &mut self,
        cx: &mut Context<'_>,
        done: Poll<Result<T>>,
        taken: impl Fn(&T) -> usize,
    ) -> Poll<Result<T>> {
        match &done {
            Poll::Ready(Ok(done)) => {
                if let Some(stalled) = &mut self.stalled {
                    stalled.taken += u64::try_from(taken(done)).unwrap_or(0);
                }
            }
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                let pace = self.pace;
                let stalled = self.stalled.get_or_insert_with(|| {
                    let since = Instant::now();
                    let due = Box::pin(sleep_until(since + pace.allowed(0)));
                    Stalled { since, taken: 0, due }
                });
                let due = stalled.since + pace.allowed(stalled.taken);
                if stalled.due.deadline() != due {
                    stalled.due.as_mut().reset(due);
                }
                if stalled.due.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Err(Error::from(ErrorKind::TimedOut)));
                }
            }
        }
        done
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, to)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, done, |n| *n)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.watch(cx, done, |n| *n)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let done = Pin::new(&mut self.stream).poll_flush(cx);
        let done = self.watch(cx, done, |()| 0);
        if done.is_ready() {
            // The system has the whole answer.
            self.stalled = None;
        }
        done
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let done = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watch(cx, done, |()| 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_patience_and_then_the_least_rate() {
        let pace = Pace::of(&Serving {
            patience_seconds: 30,
            least_rate: 512,
            ..Serving::default()
        });
        for (bytes, seconds) in [(0, 30), (511, 30), (512, 31), (1 << 20, 30 + 2048)] {
            assert_eq!(pace.allowed(bytes).as_secs(), seconds, "{bytes}");
        }
        // Nobody can set it so that nothing is served, or for ever.
        let none = Pace::of(&Serving {
            patience_seconds: 0,
            least_rate: 0,
            ..Serving::default()
        });
        assert_eq!(none.allowed(3).as_secs(), 4);
    }
}
