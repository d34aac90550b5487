"""What can go wrong with rooms."""


class RoomError(Exception):
    """A room cannot be had, looked at or changed; the message says what to do."""


class NoRoomError(RoomError):
    """There is no such room or participant."""


class ForgedError(RoomError):
    """A message that says it is from the LiveKit server is not."""


class ReplayError(RoomError):
    """A message of the LiveKit server came before, or is too old."""
