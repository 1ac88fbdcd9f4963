import threading

from mmcore.errors import InputError
from pages.shared.jobs import Job


def test_a_job_gives_its_outcome_and_tells_its_stage():
    go = threading.Event()

    def work(progress):
        progress("encode", 0.5)
        go.wait(5)
        return 42

    job = Job(work)
    while job.stage == "starting" or job.stage == "waiting":
        job.wait(0.01)
    assert (job.stage, job.fraction, job.done) == ("encode", 0.5, False)
    go.set()
    assert job.wait(5) and job.outcome == 42 and job.problem is None and not job.cancelled


def test_a_cancelled_job_stops_at_its_next_report():
    go, reached = threading.Event(), []

    def work(progress):
        progress("encode", 0.1)
        go.wait(5)
        progress("fuse", 0.5)
        reached.append(True)

    job = Job(work)
    job.cancel()
    go.set()
    assert job.wait(5) and job.cancelled and not reached and job.outcome is None


def test_a_mistake_of_the_user_is_kept_for_the_page():
    def work(progress):
        raise InputError("the photo is dark", "Take it again")

    job = Job(work)
    assert job.wait(5) and job.problem is not None and job.problem.hint == "Take it again"


def test_a_fault_of_the_program_ends_the_job_without_its_details():
    def work(progress):
        raise RuntimeError("secret 61 years")

    job = Job(work)
    assert job.wait(5) and job.problem is not None and "secret" not in str(job.problem)
