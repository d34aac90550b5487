"""The box's HTTP face: the page, the API and the health of the box, on the host that the settings name.

Decisions: no CORS and a check of Host and Origin, because a technician's browser also visits other sites and a
question may write a reading; a spoken answer is made when its sound is asked for, so the words never wait for it.
"""
