"""Every finding code with its title. Ranges: 1xx how a file is written, 2xx its fields, 3xx times,
4xx media, 5xx text, 6xx across files, 7xx configuration, 8xx a team's policies, 9xx a change."""

from __future__ import annotations

_WRITING = {
    "SA101": "The file is empty",
    "SA102": "The file is not UTF-8 text",
    "SA103": "A character that cannot be seen",
    "SA104": "The file is too large",
    "SA105": "No front matter",
    "SA106": "The front matter is never closed",
    "SA107": "Not a list of keys and values",
    "SA108": "Not valid YAML",
    "SA109": "Indented with a tab",
    "SA110": "The same key twice",
    "SA111": "Anchors and aliases are not read",
    "SA112": "Tags are not read",
    "SA113": "Merge keys are not read",
    "SA114": "Nested too deeply",
    "SA115": "Too many documents in one file",
    "SA116": "A key that is not plain text",
    "SA117": "Text that YAML reads as a comment",
    "SA118": "Not a regular file",
}

_FIELDS = {
    "SA201": "Unknown key",
    "SA202": "A value of the wrong kind",
    "SA203": "Unknown account",
    "SA204": "Not clear which account",
    "SA205": "The same account twice",
    "SA206": "Not usable as an id",
    "SA207": "A value that is missing or empty",
    "SA208": "Not one of the possible values",
    "SA209": "An override for an account that the post does not have",
    "SA210": "A field that the platform does not have",
    "SA211": "Not part of this version yet",
    "SA212": "A number out of range",
    "SA213": "Not usable as a hashtag",
    "SA214": "Text in two places",
    "SA215": "A document without an id",
    "SA216": "Not a duration",
    "SA221": "A post type that the platform does not have",
    "SA222": "Too many collaborators",
    "SA223": "Not usable as a collaborator's name",
    "SA224": "Fields that contradict each other",
}

_TIMES = {
    "SA301": "No time",
    "SA302": "Not a date and a time",
    "SA303": "A time that the clock skips",
    "SA304": "A time that the clock shows twice",
    "SA305": "A year that cannot be meant",
    "SA306": "Unknown time zone",
    "SA311": "A rule that cannot be read",
    "SA312": "A rule without a time of day",
    "SA313": "No rule, or more than one",
    "SA314": "A start, an end and a number that do not go together",
    "SA315": "A rule that never fires",
    "SA316": "An exception for a date that the series does not have",
    "SA317": "An exception that does not say one thing about one date",
    "SA318": "A pool that is too small for its cool-down",
    "SA321": "A time and slots",
    "SA322": "Slots that there are not",
}

_MEDIA: dict[str, str] = {
    "SA401": "The media file does not exist",
    "SA402": "The media path leaves the repository",
    "SA403": "The media path leads through a link",
    "SA404": "The media path is no file",
    "SA405": "The media path is not written as a path",
    "SA406": "The media file is a Git LFS pointer",
    "SA407": "The media file is too large to look at",
    "SA411": "Not a readable image or video",
    "SA412": "A kind of media that this type does not take",
    "SA413": "Too few or too many media",
    "SA414": "An image format that the platform does not take",
    "SA415": "The media file is larger than the platform takes",
    "SA416": "Too narrow or too wide in shape",
    "SA417": "Fewer pixels wide than the platform takes",
    "SA418": "More pixels wide than the platform shows",
    "SA419": "Colours that the platform does not take",
    "SA420": "An animated image",
    "SA421": "An image that is stored turned",
    "SA422": "A video container that the platform does not take",
    "SA423": "A video codec that the platform does not take",
    "SA424": "A frame rate that the platform does not take",
    "SA425": "Shorter or longer than the platform takes",
    "SA426": "A video with too many columns",
    "SA427": "A video with too many bits a second",
    "SA428": "Sound that the platform does not take",
    "SA429": "Interlaced, or colours stored in a way that the platform does not take",
    "SA430": "The video's index stands at its end",
    "SA431": "Not usable as a cover",
    "SA432": "Alternative text where the platform has none",
    "SA433": "The alternative text is too long",
    "SA434": "No alternative text",
    "SA435": "Not usable as a tag",
    "SA436": "Carousel items of different shapes",
    "SA437": "Not the shape that the platform shows",
    "SA441": "Media that are changed before they go out",
    "SA442": "A picture or video that tells where it was taken",
    "SA443": "A video that is cut or delayed by an edit list",
    "SA444": "Needs a library that is not installed",
}

_TEXT: dict[str, str] = {
    "SA501": "The text is too long",
    "SA502": "Too many hashtags",
    "SA503": "Too many mentions",
    "SA504": "The text is missing",
    "SA505": "Markdown that is shown as typed",
    "SA506": "Text where the platform has none",
    "SA507": "The template cannot be filled in",
    "SA508": "The first comment is too long",
    "SA509": "A first comment that the platform may refuse",
}

_ACROSS = {
    "SA601": "The same id twice",
    "SA602": "Ids that differ only in case",
    "SA603": "Two posts on one account at the same time",
}

_AHEAD = {
    "SA605": "More posts in 24 hours than the account's cap",
    "SA606": "A post that reads like another one of its account",
    "SA607": "Two posts of an account closer than its minimum gap",
}

_CONFIGURATION = {
    "SA701": "There is no socialauto.yaml",
    "SA702": "Unknown platform",
    "SA703": "Not a reference to a token",
    "SA704": "A secret in the configuration",
    "SA705": "Not usable as an account's name",
    "SA706": "Not usable as an address",
    "SA707": "Not usable as a branch or a remote",
    "SA708": "Not usable as a recipient",
    "SA709": "Encrypted tokens without recipients",
    "SA711": "Not usable for a media host",
    "SA712": "A group that is called like an account",
}

_POLICIES = {
    "SA801": "A picture without the alternative text that your team asks for",
    "SA802": "A banned word",
    "SA803": "A time in the quiet hours",
    "SA804": "More hashtags than your team takes",
    "SA805": "An account without an owner",
    "SA806": "A link that your team writes otherwise",
    "SA807": "A post on shorter notice than your team asks for",
    "SA808": "A time on a weekend",
    "SA809": "An exception that nothing needs",
    "SA810": "A policy that a post does not follow, and why",
}

_CHANGES = {
    "SA901": "Another id for a post that is published",
    "SA902": "Another account for a post that is published",
    "SA903": "Another time for a post that is published",
    "SA904": "A change to a post that is published",
    "SA905": "A time that has passed",
}

CODES: dict[str, str] = {
    **_WRITING,
    **_FIELDS,
    **_TIMES,
    **_MEDIA,
    **_TEXT,
    **_ACROSS,
    **_AHEAD,
    **_CONFIGURATION,
    **_POLICIES,
    **_CHANGES,
}
