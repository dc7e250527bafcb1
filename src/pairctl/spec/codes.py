"""The closed table of finding codes. A code never changes its meaning; tools may build on it.

Each has a lesson, `glossary/lessons/<Code>.md`: a test fails while one is missing.
"""

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """What is wrong, in one stable CamelCase word; `meaning` says it in one line."""

    meaning: str

    def __new__(cls, word: str, meaning: str) -> Self:  # noqa: D102
        member = str.__new__(cls, word)
        member._value_ = word
        member.meaning = meaning
        return member

    # ── a file that is not read ──────────────────────────────────────────────────────────────────
    SYMLINK_REFUSED = "SymlinkRefused", "The file is a symbolic link; links are not followed."
    UNREADABLE_FILE = "UnreadableFile", "The file cannot be read, or is no regular file."
    PATH_COLLISION = "PathCollision", "Two files' paths differ only in case, or in Unicode form."
    LFS_POINTER = "LfsPointer", "The file is a pointer into Git LFS, which is not read."
    TOO_LARGE = "TooLarge", "The file is larger than 256 KiB, or a CSV file than 4 MiB."
    NOT_UTF8 = "NotUtf8", "The file is not UTF-8 text."
    CONTROL_CHARACTER = "ControlCharacter", "The text holds a control character."
    INVISIBLE_CHARACTER = "InvisibleCharacter", "The text holds a character that cannot be seen."
    MERGE_CONFLICT = "MergeConflict", "The file holds the marks of an unresolved merge."
    DIRECTIVE_NOT_ALLOWED = "DirectiveNotAllowed", "A line starts with `%`, a YAML directive."
    YAML_SYNTAX = "YamlSyntax", "The file is not YAML."
    TAB_INDENTATION = "TabIndentation", "A line is indented with a tab."
    TOO_DEEP = "TooDeep", "Collections are nested more than 32 deep."
    TOO_MANY_NODES = "TooManyNodes", "The file holds more than 10,000 values and keys."
    TOO_MANY_DOCUMENTS = "TooManyDocuments", "The file holds more than 100 documents."
    SCALAR_TOO_LONG = "ScalarTooLong", "One value is longer than 65,536 characters."

    # ── a document that is refused as YAML ───────────────────────────────────────────────────────
    ANCHOR_NOT_ALLOWED = "AnchorNotAllowed", "A value has an anchor (`&name`)."
    ALIAS_NOT_ALLOWED = "AliasNotAllowed", "A value is an alias (`*name`)."
    TAG_NOT_ALLOWED = "TagNotAllowed", "A value has a tag (`!name`)."
    MERGE_KEY_NOT_ALLOWED = "MergeKeyNotAllowed", "A mapping has a merge key (`<<`)."
    KEY_NOT_TEXT = "KeyNotText", "A key is not text."
    DUPLICATE_KEY = "DuplicateKey", "A mapping has the same key twice."

    # ── a document that is not what its kind asks for ────────────────────────────────────────────
    NOT_A_MAPPING = "NotAMapping", "The document is a list or a single value."
    MISSING_KIND = "MissingKind", "The document has no `kind`."
    UNKNOWN_KIND = "UnknownKind", "The document's kind is not one that pairctl knows."
    UNKNOWN_API_VERSION = "UnknownApiVersion", "The document's apiVersion is not known."
    UNKNOWN_FIELD = "UnknownField", "The kind has no field of this name at this place."
    MISSING_FIELD = "MissingField", "A field that is needed is not there."
    EMPTY_VALUE = "EmptyValue", "A field is there without a value, or is null."
    WRONG_TYPE = "WrongType", "A value is of another type than its field."
    NOT_TEXT = "NotText", "A value without quotes is read as something else than text."
    NOT_ONE_OF = "NotOneOf", "A value is not one of those allowed."
    INVALID_VALUE = "InvalidValue", "A value does not have the form its field asks for."
    NEEDS_EXACTLY_ONE = "NeedsExactlyOne", "Of several fields exactly one must be given."
    FIELDS_CONTRADICT = (
        "FieldsContradict",
        "Two fields of a document say things that cannot both be.",
    )
    TEMPLATE_SYNTAX = "TemplateSyntax", "A text of a template has a brace that names no column."
    ACKNOWLEDGE_COLUMN = (
        "AcknowledgeColumn",
        "A set acknowledges by something else than a column that serves nothing but that.",
    )
    SECRET_LITERAL = "SecretLiteral", "A secret's value stands where its name belongs."

    # ── an inventory that is not what its set asks for ───────────────────────────────────────────
    CSV_SYNTAX = "CsvSyntax", "The file is not CSV with commas and a first line of column names."
    TOO_MANY_ROWS = "TooManyRows", "An inventory holds more than 10,000 rows."
    UNKNOWN_COLUMN = "UnknownColumn", "The inventory has no column of the name referred to."
    WRONG_CELL_COUNT = "WrongCellCount", "A row has more or fewer cells than there are columns."
    EMPTY_CELL = "EmptyCell", "A cell that the template refers to is empty."

    # ── documents that do not fit together ───────────────────────────────────────────────────────
    DUPLICATE_NAME = "DuplicateName", "Two documents of one kind have the same name."
    NAME_DIFFERS_IN_CASE = "NameDiffersInCase", "Two names differ only in case."
    DUPLICATE_TARGET = "DuplicateTarget", "Two intents are about the same cluster or request."
    DUPLICATE_APPROVAL = "DuplicateApproval", "Two approvals are for the same intent."
    IN_SEVERAL_ROLLOUTS = "InSeveralRollouts", "Two rollouts select the same intent."
    EMPTY_WAVE = "EmptyWave", "A wave selects no intent that is in no wave before it."
    UNKNOWN_WAVE = "UnknownWave", "The rollout has no wave of the name referred to."
    DUPLICATE_PROFILE = "DuplicateProfile", "A match names the same profile twice."
    DUPLICATE_LAYER = "DuplicateLayer", "A match declares the same layer twice."
    UNKNOWN_REFERENCE = "UnknownReference", "No document has the name referred to."
    REFERS_TO_REJECTED = "RefersToRejected", "The document referred to has errors of its own."
    PALETTE_MISMATCH = "PaletteMismatch", "An intent and its match are for different Palettes."
    PROFILE_UNUSABLE = (
        "ProfileUnusable",
        "A profile that a match names could not be used when Palette was last seen.",
    )
    MATCH_DIFFERS = (
        "MatchDiffers",
        "The selection does not match the layers of the cluster, as both were last seen.",
    )
    SAME_ACKNOWLEDGEMENT = (
        "SameAcknowledgement",
        "Two intents acknowledge the same cluster, and one of them is a copy.",
    )
    SAME_FINGERPRINT = (
        "SameFingerprint",
        "Two rows pin their hosts to the same certificate.",
    )
    SECRET_ROLES = (
        "SecretRoles",
        "A secret that is a key, a login or a token elsewhere is named as something else.",
    )
    OPERATOR_IN_REPOSITORY = (
        "OperatorInRepository",
        "The operator's own file lies where pull requests can change it.",
    )

    # ── for information, or as a warning ─────────────────────────────────────────────────────────
    BYTE_ORDER_MARK = "ByteOrderMark", "The file begins with a byte order mark."
    LINE_ENDINGS = "LineEndings", "Lines of the file do not all end in a line feed alone."
    EMPTY_DOCUMENT = "EmptyDocument", "One of the file's documents is empty."
    EMPTY_FILE = "EmptyFile", "The file holds no document."
    UNUSED_COLUMN = "UnusedColumn", "The template refers to a column of the inventory nowhere."
    NOT_SEEN_YET = "NotSeenYet", "Nothing was seen yet that the match could be proven on."
    OWN_OUTPUT = "OwnOutput", "The document was written by pairctl and is not read."
