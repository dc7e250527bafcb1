"""The model of the claim protocol: tests/model.

Several processes bring intents about. They write claims and records onto a status branch, many in
one commit, by compare-and-swap, and send through hosts and a Palette that are as bad as they may
be. What happens next is drawn by a seed: crashes, answers that are lost or late, pushes that are
lost or whose answer is lost, effects that come late, machines that sleep, clocks that differ and
step, hosts that lie, intents that change, a branch that is rewound, a second repository.

`rules` has the rules, each with a name and a number. With all of them no run finds a violation;
a test takes each one away, and a run finds one. That is evidence, not a proof.

    rules      the rules, by name
    records    what the status branch holds: claims, evidence, statuses
    decision   what to do about one intent: pure
    world      the truth: branches, hosts, Palette, and what must never happen
    process    one pairctl: its clocks, its memory, what it asks of the world
    writer     its group commit
    executor   its look, its last look, and its one sending
    scene      what a run starts from, and what may go wrong
    scenes     the scenes that the tests explore
    explore    seeded runs, and their replay

Assumed: an action leaves within `REQUEST_S` of its last check and takes effect within `SETTLE_S`
of that, if ever; Palette's Date errs by at most `DATE_ERROR_S`; the intents are what the commit
says at the moment of the check. `test_limits` shows what happens where that does not hold, and
what no rule can prevent.

`MODEL_RUNS=100 pytest tests/model` explores a hundred times as much. To see what happened in a run
that found something, `python -m model SCENE SEED RULE...`, from `tests`, with the rules that it
went without.
"""
