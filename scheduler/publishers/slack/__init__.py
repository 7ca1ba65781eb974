"""Slack: a channel, by an app's token or by an incoming webhook.

`publisher` is the app and `hook` the webhook; `form` is a post as Slack takes it, `replies` what its answers mean,
`look` the search through a channel's history, `uploads` the way of a picture.
"""

from scheduler.publishers.slack.publisher import Slack

__all__ = ["Slack"]
