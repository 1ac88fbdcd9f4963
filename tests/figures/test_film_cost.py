from mmcore.figures import film_cost

LENGTHS = [
    {"film_s": 600.0, "seconds": 50.0, "memory_mb": 1500},
    {"film_s": 60.0, "seconds": 8.0, "memory_mb": 1400},
]


def test_time_and_memory_stand_over_the_lengths_in_order():
    figure = film_cost.draw(LENGTHS)
    time, memory = (next(trace for trace in figure.data if trace.name == name) for name in ("time", "memory"))
    assert list(time.x) == list(memory.x) == [60, 600]
    assert list(time.y) == [8, 50] and list(memory.y) == [1400, 1500]


def test_the_aim_is_a_fifth_of_the_films_length():
    aim = next(trace for trace in film_cost.draw(LENGTHS).data if trace.name == "5 times faster")
    assert list(aim.y) == [12, 120]


def test_the_words_name_each_length():
    assert film_cost.alt(LENGTHS) == "Time and memory by length: film of 60 s: 8 s, 1400 MB; film of 10 min: 50 s, 1500 MB."


def test_the_headline_is_of_the_longest_film():
    assert film_cost.headline(LENGTHS) == "A film of 10 min takes 50 s, 8\u00a0% of its length, and 1.5 GB of memory."
