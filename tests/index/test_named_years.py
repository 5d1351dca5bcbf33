from index.named_years import years_in


def test_years_are_read_and_sums_of_money_shares_and_thousands_are_not() -> None:
    assert years_in("in 1960, 2023's and $2023, £1999, 2000%, 2,019, 2019,500, 1999.5 or 12023") == {1960, 2023}


def test_a_range_names_both_its_years() -> None:
    assert years_in("the 2007-08 strike, and that of 1999–00") == {1999, 2000, 2007, 2008}
