"""The rules of what cannot be made to fit; `table.py` has them in its one table."""

from scheduler.checking.case import Rule, Scope
from scheduler.checking.rules import fitting
from scheduler.finding import Severity

_ERROR = Severity.ERROR
_LIMITS = "scheduler/platforms, each limit with its source and date"

MEDIA_RULES: tuple[Rule, ...] = (
    Rule(
        "media-bytes",
        _ERROR,
        "What is too big is refused, and only still pictures can be made smaller.",
        fitting.too_big,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="A video of 150 MB for Mastodon, which takes 104 MB.",
        better="The same video, saved in fewer bytes.",
    ),
    Rule(
        "media-pixels",
        _ERROR,
        "What has too many pixels is refused, and only still pictures can be made smaller.",
        fitting.too_many_pixels,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="A GIF that moves, of 8000 x 5000 pixels, for Mastodon.",
        better="The same at 800 x 500.",
    ),
    Rule(
        "media-length",
        _ERROR,
        "A video that runs too long, or too short, is refused.",
        fitting.too_long,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="A video of 3:20 minutes for X, which takes 2:20.",
        better="The two minutes that matter.",
    ),
    Rule(
        "media-refused",
        _ERROR,
        "A kind of video that a platform does not know is refused.",
        fitting.refused,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="A WebM video for Bluesky.",
        better="The same video as MP4.",
    ),
    Rule(
        "media-moving",
        _ERROR,
        "A picture that was made to move says little when it stands still, and some platforms refuse it.",
        fitting.stands_still,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="A GIF that moves, for Bluesky.",
        better="The same as an MP4 video, or one picture of it.",
    ),
    Rule(
        "media-mixed",
        _ERROR,
        "Most platforms show one video or several pictures, and refuse both together.",
        fitting.beside_others,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="A video and two pictures in one post on Mastodon.",
        better="The video alone, and the pictures in a post of their own.",
    ),
    Rule(
        "media-ratio",
        _ERROR,
        "A shape that a platform refuses has to be cropped, and where is for a person to say.",
        fitting.misshapen,
        _LIMITS,
        scope=Scope.CONTENT,
        fixed=True,
        example="A portrait of 1000 x 1500 pixels for Instagram, which takes 4:5 to 1.91:1.",
        better="The portrait cropped to 1000 x 1250.",
    ),
    Rule(
        "media-cropped",
        Severity.WARNING,
        "What a platform crops by itself may cost a face, or a word on a sign.",
        fitting.cropped,
        "Instagram, content publishing, carousel posts, as of 2026-03",
        scope=Scope.CONTENT,
        example="A square and a portrait in one carousel on Instagram.",
        better="Both cropped to 4:5, by you.",
    ),
)
