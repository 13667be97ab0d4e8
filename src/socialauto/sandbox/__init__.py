"""An emulated platform: a server of Instagram's publishing API to rehearse and test against.

It is written from the platform's documentation and never from what our adapter sends.
"""
