"""Fits scikit-learn's own transformers on training rows and prints what they make of all rows.

Reads {"train": rows, "all": rows, "numbers": columns, "categories": columns, "continuous": column,
"binary": column, "smoothing": number, "lambdas": one for each of the numbers}; a row is an object, null is a missing value.
"""

import json
import sys

import numpy as np
from scipy import stats
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PowerTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

question = json.load(sys.stdin)


def numbers(rows, columns):
    return np.array([[np.nan if row[name] is None else row[name] for name in columns] for row in rows], float)


def categories(rows, columns):
    return np.array([[np.nan if row[name] is None else row[name] for name in columns] for row in rows], object)


def plain(matrix):
    return [[None if np.isnan(value) else float(value) for value in row] for row in np.asarray(matrix, float)]


def made(transformer, read, columns):
    transformer.fit(read(question['train'], columns))
    return plain(transformer.transform(read(question['all'], columns)))


answer = {
    'standard_scale': made(StandardScaler(), numbers, question['numbers']),
    'minmax_scale': made(MinMaxScaler(feature_range=(-1, 3)), numbers, question['numbers']),
    'robust_scale': made(RobustScaler(), numbers, question['numbers']),
    'ordinal': made(
        OrdinalEncoder(handle_unknown='use_encoded_value', unknown_value=-1), categories, question['categories']
    ),
}

# A missing value is a category to scikit-learn, and has no column with us.
one_hot = OneHotEncoder(handle_unknown='ignore', sparse_output=False)
one_hot.fit(categories(question['train'], question['categories']))
present = [value == value for values in one_hot.categories_ for value in values]
answer['one_hot'] = plain(one_hot.transform(categories(question['all'], question['categories']))[:, present])

# Both search the lambda to about eight digits, so the results are compared for the same one, and the lambdas apart.
power = PowerTransformer().fit(numbers(question['train'], question['numbers']))
answer['lambdas'] = [float(value) for value in power.lambdas_]
given = np.array(question['lambdas'])
train = numbers(question['train'], question['numbers'])
rows = numbers(question['all'], question['numbers'])
bent = np.full(rows.shape, np.nan)
for index, value in enumerate(given):
    known = train[~np.isnan(train[:, index]), index]
    scaler = StandardScaler().fit(stats.yeojohnson(known, lmbda=value)[:, None])
    present = ~np.isnan(rows[:, index])
    bent[present, index] = scaler.transform(stats.yeojohnson(rows[present, index], lmbda=value)[:, None])[:, 0]
answer['power'] = plain(bent)
answer['power_transformer'] = plain(power.transform(rows))

for name in ('continuous', 'binary'):
    goal = question[name]
    encoder = TargetEncoder(smooth=question['smoothing'], target_type=name)
    trained = [row for row in question['train'] if row[goal] is not None]
    encoder.fit(categories(trained, question['categories']), np.array([row[goal] for row in trained]))
    answer['target_encode_' + name] = plain(encoder.transform(categories(question['all'], question['categories'])))

json.dump(answer, sys.stdout)
