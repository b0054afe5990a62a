"""For Prefect 3, a flow of the same shape as mapped.ts."""

from prefect import flow, task


@task
def numbers(count):
    return list(range(count))


@task
def double(number):
    return number * 2


@task
def total(doubled):
    return sum(doubled)


@flow
def mapped(count=1000):
    return total.submit(double.map(numbers.submit(count)))
