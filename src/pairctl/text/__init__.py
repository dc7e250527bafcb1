"""Text from outside (hosts, Palette, Git, forges), made fit to be shown and stored. Pure.

What a secret is, only `pairctl.secrets` knows; here is what may be masked by its shape alone.
"""

from typing import TYPE_CHECKING

from pairctl.on_demand import on_demand
from pairctl.text.model_words import model_words
from pairctl.text.printable import printable

if TYPE_CHECKING:
    from pairctl.text.alike import LEFT_OUT, Alike, Said, name_list, put_together, ranges
    from pairctl.text.markdown import markdown_name, printable_document, prose
    from pairctl.text.mask import HIDDEN, MASK, without_credentials, without_users
    from pairctl.text.near import did_you_mean
    from pairctl.text.output import MOST_OUTPUT, output_words
    from pairctl.text.printable import (
        ESCAPE_CODE,
        REPLACEMENT,
        UNSEEN,
        escaped,
        is_plain,
        marked,
        one_line,
        without_codes,
    )
    from pairctl.text.spans import span_text
    from pairctl.text.truncate import beginning, both_ends
    from pairctl.text.values import Own, each_text
    from pairctl.text.workflow import harmless, harmless_path
else:
    __getattr__ = on_demand(
        __name__,
        {
            "alike": "LEFT_OUT Alike Said name_list put_together ranges",
            "markdown": "markdown_name printable_document prose",
            "mask": "HIDDEN MASK without_credentials without_users",
            "near": "did_you_mean",
            "output": "MOST_OUTPUT output_words",
            "printable": (
                "ESCAPE_CODE REPLACEMENT UNSEEN escaped is_plain marked one_line without_codes"
            ),
            "spans": "span_text",
            "truncate": "beginning both_ends",
            "values": "Own each_text",
            "workflow": "harmless harmless_path",
        },
    )

__all__ = [
    "ESCAPE_CODE",
    "HIDDEN",
    "LEFT_OUT",
    "MASK",
    "MOST_OUTPUT",
    "REPLACEMENT",
    "UNSEEN",
    "Alike",
    "Own",
    "Said",
    "beginning",
    "both_ends",
    "did_you_mean",
    "each_text",
    "escaped",
    "harmless",
    "harmless_path",
    "is_plain",
    "markdown_name",
    "marked",
    "model_words",
    "name_list",
    "one_line",
    "output_words",
    "printable",
    "printable_document",
    "prose",
    "put_together",
    "ranges",
    "span_text",
    "without_codes",
    "without_credentials",
    "without_users",
]
