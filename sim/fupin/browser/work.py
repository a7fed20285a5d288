"""What takes a while: saving a plan, its full run, and the search for a better division."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import solara
import solara.lab

from fupin.browser.panel import TypedField
from fupin.browser.pins import label_of
from fupin.browser.runs import Work
from fupin.browser.search import Question, SearchForm, proposal_of, told
from fupin.browser.setup import Served, Setup
from fupin.browser.units import sample_name
from fupin.errors import InputError
from fupin.words.language import Language

LONGEST_TITLE = 200


@dataclass(frozen=True, eq=False)
class Begun:
    """What a tab has started.

    Attributes:
        run: the last full run.
        search, asked: the last search, and the plan that it is about.
        ended: how many full runs have ended.
    """

    run: Work | None = None
    search: Work | None = None
    asked: Setup | None = None
    ended: int = 0


@solara.component
def Files(say: Language, served: Served, setup: Setup, begun: solara.Reactive[Begun]) -> None:
    """Save the plan; run it with the usual draws and see how far it is."""
    name, set_name = solara.use_state("my-plan")
    title, set_title = solara.use_state("")
    saved, set_saved = solara.use_state("")
    problem, set_problem = solara.use_state("")
    own = label_of(say, setup)[:LONGEST_TITLE]

    def save() -> None:
        try:
            file = served.folder.save(name, title or own, setup.base, setup.changes)
        except InputError as error:
            set_problem(f"{error.message} {error.instead or ''}".strip())
        else:
            set_problem("")
            set_saved(str(file))

    def start() -> None:
        plan = setup.plan
        if setup.changes.any:
            plan = plan.model_copy(update={"title": title or own})
        begun.value = replace_begun(begun.value, run=served.runs.start(plan))

    TypedField(say("save.name"), name, set_name)
    TypedField(say("save.title"), title or own, set_title)
    solara.Button(say("save.button"), small=True, on_click=save)
    if problem:
        solara.Error(problem, dense=True)
    if saved:
        solara.Text(say("save.done", file=saved), classes=["hint", "path"])
    sample = sample_name(say, setup.plan.population.sample)
    solara.Text(say("run.lead", sample=sample), classes=["hint"])
    run = begun.value.run
    solara.Button(
        say("run.button"), small=True, color="primary", on_click=start,
        disabled=run is not None and run.going,
    )  # fmt: skip

    def ended() -> None:
        begun.value = replace_begun(begun.value, ended=begun.value.ended + 1)

    if run is not None:
        Progress(say, run, ended).key(run.token)


def replace_begun(begun: Begun, **new: object) -> Begun:
    """The same with something new."""
    return replace(begun, **new)  # type: ignore[arg-type]


@solara.component
def Progress(say: Language, work: Work, on_end: Callable[[], None]) -> None:
    """How far a run or a search is; in the end where its result lies."""
    seconds = solara.use_reactive(0)

    def watch() -> None:
        was_going = work.going
        while work.going:
            time.sleep(1.0)
            seconds.value = work.seconds
        if was_going:
            time.sleep(0.2)  # the last lines are read
            on_end()
            seconds.value = work.seconds + 1

    solara.lab.use_task(watch, dependencies=[work.token], raise_error=False)
    seconds.get()
    if work.going:
        words = say("run.going", seconds=work.seconds)
        if work.total:
            words = say("run.progress", done=work.done, total=work.total, seconds=work.seconds)
        solara.Text(words, classes=["hint"])
        solara.ProgressLinear(100 * work.done / work.total if work.total else True)
        if work.told:
            solara.Text(work.told, classes=["hint"])
        solara.Button(say("run.stop"), small=True, text=True, on_click=work.stop)
    elif work.refused:
        solara.Error(work.refused, dense=True)
    elif work.failed:
        why = work.errors.strip()[-600:] or say("run.stopped")
        solara.Error(say("run.failed", why=why), dense=True)
    else:
        words = "run.done" if work.kind == "run" else "search.done"
        solara.Text(say(words, folder=work.folder), classes=["hint", "path"])


@solara.component
def Search(
    say: Language,
    served: Served,
    setup: Setup,
    begun: solara.Reactive[Begun],
    pin: Callable[[Setup], None],
) -> None:
    """Ask for a better division; what is proposed is pinned."""
    question, set_question = solara.use_state(Question())
    work, asked = begun.value.search, begun.value.asked

    def start() -> None:
        found = served.runs.search(setup.plan, question.said, check_draws=str(question.check_draws))
        begun.value = replace_begun(begun.value, search=found, asked=setup)

    def ended() -> None:
        content = work.found() if work is not None and not work.failed else None
        if content is not None and asked is not None:
            proposal = proposal_of(served, asked, content)
            if proposal is not None:
                pin(proposal)

    SearchForm(say, question, setup, work, set_question, start)
    if work is not None:
        Progress(say, work, ended).key(work.token)
        content = None if work.going else work.found()
        if content is not None and asked is not None:
            for sentence in told(say, content):
                solara.Text(sentence, classes=["found"])
            better = content["better"]
            solara.Text(say("search.pinned" if better else "search.none"), classes=["hint"])
