using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>COLLECT: rows put into groups by comparing with every group there is, aggregates from the list of their values.</summary>
internal sealed class ReferenceCollect(ReferenceContext context, ReferenceExpressions expressions)
{
    /// <summary>The names that exist behind a COLLECT.</summary>
    public static IEnumerable<string> Names(CollectSyntax collect) =>
    [
        .. collect.Groups.Select(group => group.Variable),
        .. collect.Aggregates.Select(aggregate => aggregate.Variable),
        .. new[] { collect.CountInto, collect.Into }.OfType<string>(),
    ];

    /// <param name="members">Variables that INTO collects when it does not say which.</param>
    public IEnumerable<ReferenceRow?> Apply(CollectSyntax collect, IEnumerable<ReferenceRow?> rows, ReferenceRow? outer, IReadOnlyList<string> members)
    {
        var groups = new List<Group>();
        if (collect.Groups.Length == 0)
            groups.Add(new Group([], collect.Aggregates.Length));
        foreach (var row in rows)
        {
            List<Value> key = [.. collect.Groups.Select(group => expressions.Evaluate(group.Expression, row))];
            var group = groups.Find(group => group.Key.Zip(key).All(pair => ReferenceValues.AreEqual(pair.First, pair.Second)));
            if (group is null)
                groups.Add(group = new Group(key, collect.Aggregates.Length));
            group.Count++;
            for (var i = 0; i < collect.Aggregates.Length; i++)
                group.Arguments[i].Add(expressions.Evaluate(((CallSyntax)collect.Aggregates[i].Expression).Arguments[0], row));
            if (collect.Into is not null)
                group.Members.Add(Member(collect, row, members));
        }
        var isNothing = groups is [{ Count: 0 }];
        IOrderedEnumerable<Group> sorted = groups.OrderBy(_ => 0);
        for (var i = 0; i < collect.Groups.Length; i++)
        {
            var at = i;
            sorted = sorted.ThenBy(group => group.Key[at], ReferenceValues.Order);
        }
        foreach (var group in sorted)
        {
            var row = outer;
            for (var i = 0; i < collect.Groups.Length; i++)
                row = new ReferenceRow(collect.Groups[i].Variable, group.Key[i], row);
            for (var i = 0; i < collect.Aggregates.Length; i++)
            {
                var function = ((CallSyntax)collect.Aggregates[i].Expression).Name;
                var isCount = function is "LENGTH" or "COUNT";
                row = new ReferenceRow(collect.Aggregates[i].Variable, isNothing && !isCount ? Value.Null : Aggregate(function, group.Arguments[i]), row);
            }
            if (collect.CountInto is not null)
                row = new ReferenceRow(collect.CountInto, Value.FromInteger(group.Count), row);
            if (collect.Into is not null)
                row = new ReferenceRow(collect.Into, Value.FromList(group.Members), row);
            yield return row;
        }
    }

    private Value Member(CollectSyntax collect, ReferenceRow? row, IReadOnlyList<string> members)
    {
        if (collect.IntoExpression is not null)
            return expressions.Evaluate(collect.IntoExpression, row);
        var names = collect.Keep.IsDefault ? members : [.. collect.Keep.Select(name => name.Name)];
        return ReferenceValues.Object(names.Select(name => (name, ReferenceRow.TryFind(row, name, out var value) ? value : Value.Null)).ToList());
    }

    /// <summary>An aggregate over a list of values that is not empty.</summary>
    public Value Aggregate(string function, List<Value> arguments)
    {
        List<Value> values = [.. arguments.Where(value => !value.IsNull)];
        switch (function)
        {
            case "LENGTH" or "COUNT":
                return Value.FromInteger(arguments.Count);
            case "MIN":
                return values.Order(ReferenceValues.Order).FirstOrDefault();
            case "MAX":
                return values.OrderDescending(ReferenceValues.Order).FirstOrDefault();
            case "PUSH":
                return Value.FromList(arguments);
            case "UNIQUE":
                return Value.FromList(Unique(arguments));
            case "SORTED_UNIQUE":
                return Value.FromList([.. Unique(arguments).Order(ReferenceValues.Order)]);
            case "COUNT_DISTINCT" or "COUNT_UNIQUE":
                return Value.FromInteger(Unique(arguments).Count);
            case "BIT_AND" or "BIT_OR" or "BIT_XOR":
                return Bits(function, values);
        }
        if (values.Exists(value => !value.IsNumber))
        {
            context.Warn(ErrorCodes.InvalidArithmeticValue);
            return Value.Null;
        }
        if (values.Count == 0)
            return function == "SUM" ? Value.FromInteger(0) : Value.Null;
        return OfNumbers(function, values);
    }

    private Value OfNumbers(string function, List<Value> values)
    {
        var sum = values.Skip(1).Aggregate(values[0], (total, value) => total.IsNull ? total : ReferenceArithmetic.Apply(BinaryOperator.Add, total, value, context));
        if (function == "SUM")
            return sum;
        // Close together and far from 0, all their digits are in what is rounded away.
        if (function is not ("AVG" or "AVERAGE") && values.Exists(value => Math.Abs(value.Number) > 1e9))
            throw new NotSupportedException($"{function} of numbers like {values[0]}");
        // By Welford's recurrence, as the language says: another way differs in the last digit, out of which CRC32() makes another number.
        double mean = 0, squares = 0;
        for (var i = 0; i < values.Count; i++)
        {
            var before = values[i].Number - mean;
            mean += before / (i + 1);
            squares += before * (values[i].Number - mean);
        }
        return function switch
        {
            "AVG" or "AVERAGE" => Value.FromDouble(values.Sum(value => value.Number) / values.Count),
            "VARIANCE" or "VARIANCE_POPULATION" => Value.FromDouble(squares / values.Count),
            "STDDEV" or "STDDEV_POPULATION" => Value.FromDouble(Math.Sqrt(squares / values.Count)),
            "VARIANCE_SAMPLE" => values.Count == 1 ? Value.Null : Value.FromDouble(squares / (values.Count - 1)),
            "STDDEV_SAMPLE" => values.Count == 1 ? Value.Null : Value.FromDouble(Math.Sqrt(squares / (values.Count - 1))),
            _ => throw new NotSupportedException($"the aggregate {function}"),
        };
    }

    private Value Bits(string function, List<Value> values)
    {
        if (values.Exists(value => !value.IsNumber || value.Number is < 0 or > uint.MaxValue || value.Number != Math.Floor(value.Number)))
        {
            context.Warn(ErrorCodes.FunctionArgumentTypeMismatch);
            return Value.Null;
        }
        return values.Count == 0 ? Value.Null : Value.FromInteger(values.Select(value => (long)value.Number).Aggregate((left, right) => function switch
        {
            "BIT_AND" => left & right,
            "BIT_OR" => left | right,
            _ => left ^ right,
        }));
    }

    private static List<Value> Unique(List<Value> values)
    {
        var unique = new List<Value>();
        foreach (var value in values)
        {
            if (!unique.Exists(other => ReferenceValues.AreEqual(other, value)))
                unique.Add(value);
        }
        return unique;
    }

    private sealed class Group(List<Value> key, int aggregates)
    {
        public List<Value> Key => key;

        public long Count { get; set; }

        public List<List<Value>> Arguments { get; } = [.. Enumerable.Range(0, aggregates).Select(_ => new List<Value>())];

        public List<Value> Members { get; } = [];
    }
}
