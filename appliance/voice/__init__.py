"""Conversation by sound: a person speaks, the box answers, and either may interrupt.

One conversation, three ways in: the box's own microphone, the page over a WebSocket, a LiveKit room. Each is a pair of
audio input and output; `Conversation` joins it to LiveKit Agents' session, whose recogniser, language model and voice
are thin adapters over our ports. `turn` stays the only brain: the session's "language model" hands it the question.

Decisions:
- Everything of the session that would ask a cloud is set, never left to its default: turn detection by voice activity,
  interruption by voice activity, no hosted detector, no job context, no inference by name.
- The recogniser hears whole stretches, so partial transcripts are re-hearings of what was said so far; the one that is
  made in the first tenth of a second of silence is usually the last, and is ready when the turn ends.
- Work begins on a transcript before the turn has ended (preemptive generation); nothing is kept or done until it has.
- A voice over the answer pauses it at once. What then turns out to be a backchannel, or no words at all, is never told
  to the session, which goes on with the answer by itself.
"""
