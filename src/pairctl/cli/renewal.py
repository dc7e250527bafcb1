"""What a run without an end takes over without a restart: changed secrets, and the operator's file.

Each is taken over at the start of a pass. One that is broken is said once, and the old one kept.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from pairctl.cli.log_catalogue import emit
from pairctl.cli.options import Place, Rules
from pairctl.cli.running import destinations_of, read_operator
from pairctl.engine import Keys
from pairctl.problem import PairctlError
from pairctl.secrets import KeptSecrets
from pairctl.spec import OperatorSpec


class Renewal:
    """The rules and keys of a run, as files have them by now. Call it before each pass.

    `check` raises ConfigurationError for a file that this run cannot go by.
    """

    def __init__(
        self,
        place: Place,
        rules: Rules,
        operator: OperatorSpec,
        keys: Keys,
        check: Callable[[OperatorSpec], None],
    ) -> None:
        self._place = place
        self._rules = rules
        self._operator = operator
        self._keys = keys
        self._check = check
        self._content = self._read()
        self._refused_file = ""
        self._refused: dict[str, str] = {}

    def __call__(self) -> tuple[OperatorSpec, Keys] | None:
        """Return rules and keys where they are others than before; None where all is as it was."""
        is_new_file = self._renew_operator()
        is_new_secret = self._renew_secrets()
        return (self._operator, self._keys) if is_new_file or is_new_secret else None

    def _renew_secrets(self) -> bool:
        store = self._keys.store
        if not isinstance(store, KeptSecrets):
            return False
        renewed = store.renew()
        for name, problem in renewed.refused.items():
            if self._refused.get(name) != problem.message:
                words = {"reason": problem.reason, "message": problem.message}
                emit("SecretRefused", secret=name, hint=problem.hint, **words)
        mended = self._refused.keys() - renewed.refused.keys()
        self._refused = {name: one.message for name, one in renewed.refused.items()}
        for name in sorted(renewed.changed | mended):
            emit("SecretTakenOver", secret=name)
        return bool(renewed.changed | mended)

    def _renew_operator(self) -> bool:
        """Take over a file that is another than the one that holds, or that was refused before.

        What was wrong with that one may be no part of its content: its permissions, say.
        """
        content = self._read()
        if content == self._content and not self._refused_file:
            return False
        try:
            operator = read_operator(self._rules, self._place)
            self._check(operator)
            destinations = destinations_of(self._rules, operator)
        except PairctlError as error:
            self._refuse_file(error.problem.message, error.problem.hint)
            return False
        except OSError as error:
            hint = "put it back; the rules before hold on"
            self._refuse_file(f"it cannot be read: {error.strerror}", hint)
            return False
        self._content, self._refused_file = content, ""
        self._operator = operator
        self._keys = replace(self._keys, destinations=destinations)
        self._keys.store.teach(operator.secrets)
        emit("OperatorFileTakenOver")
        return True

    def _refuse_file(self, message: str, hint: str) -> None:
        if self._refused_file != message:
            emit("OperatorFileRefused", message=message, hint=hint)
        self._refused_file = message

    def _read(self) -> bytes | None:
        """Return what the operator's file holds; None without one, or where it cannot be read."""
        with suppress(OSError):
            return self._rules.operator.read_bytes() if self._rules.operator else None
        return None
