using System.Runtime.CompilerServices;

namespace GeoFabric.Primitives.Values;

/// <summary>The total order of C8QL over all values: null, booleans, numbers, strings, arrays, objects.</summary>
public static class ValueComparer
{
    /// <summary>Items of an array that are counted as work together.</summary>
    private const int ItemsPerStep = 256;

    /// <summary>Negative, zero or positive. Throws for no value, only when <see cref="WatchedWork"/> is to end; zero means <see cref="Equal"/>.</summary>
    public static int Compare(Value left, Value right)
    {
        var kind = left.Kind;
        if (kind != right.Kind)
            return (int)kind - (int)right.Kind;
        return kind switch
        {
            ValueKind.Null => 0,
            ValueKind.Boolean => (left.IsTruthy ? 1 : 0) - (right.IsTruthy ? 1 : 0),
            ValueKind.Number => CompareNumbers(left, right),
            ValueKind.String => StringCollation.Compare(left.Utf8, right.Utf8),
            ValueKind.Array => CompareArrays(left.Items, right.Items),
            _ => CompareObjects(left.Attributes, right.Attributes),
        };
    }

    /// <summary>C8QL equality: 1 == 1.0, missing array items and attributes count as null, the order of attributes does not matter.</summary>
    public static bool Equal(Value left, Value right)
    {
        if (left.IsInteger && right.IsInteger)
            return left.Integer == right.Integer;
        if (left.IsString)
            return right.IsString && left.Utf8.SequenceEqual(right.Utf8);
        return left.Kind == right.Kind && Compare(left, right) == 0;
    }

    private static int CompareNumbers(Value left, Value right)
    {
        if (left.IsInteger)
            return right.IsInteger ? left.Integer.CompareTo(right.Integer) : CompareExactly(left.Integer, right.Number);
        return right.IsInteger ? -CompareExactly(right.Integer, left.Number) : left.Number.CompareTo(right.Number);
    }

    /// <summary>An integer against a double without rounding the integer: above 2^53 not every integer is a double.</summary>
    private static int CompareExactly(long integer, double number)
    {
        if (number >= 9223372036854775808.0)
            return -1;
        if (number < -9223372036854775808.0)
            return 1;
        var whole = (long)number;
        if (integer != whole)
            return integer < whole ? -1 : 1;
        // The whole parts agree, so the fraction decides.
        return 0.0.CompareTo(number - whole);
    }

    private static int CompareArrays(ArrayView left, ArrayView right)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var count = Math.Max(left.Count, right.Count);
        WatchedWork.Count(1);
        for (var i = 0; i < count; i++)
        {
            var order = Compare(i < left.Count ? left[i] : default, i < right.Count ? right[i] : default);
            if (order != 0)
                return order;
            if (i % ItemsPerStep == ItemsPerStep - 1)
                WatchedWork.Count(ItemsPerStep);
        }
        return 0;
    }

    /// <summary>Walks the union of both names in code-point order; a missing attribute counts as null.</summary>
    private static int CompareObjects(ObjectView left, ObjectView right)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        WatchedWork.Count(1 + left.Count);
        var a = left.Sorted();
        var b = right.Sorted();
        var hasA = a.MoveNext();
        var hasB = b.MoveNext();
        while (hasA || hasB)
        {
            var names = !hasA ? 1 : !hasB ? -1 : a.Current.Name.SequenceCompareTo(b.Current.Name);
            var order = Compare(names <= 0 ? a.Current.Value : default, names >= 0 ? b.Current.Value : default);
            if (order != 0)
                return order;
            if (names <= 0)
                hasA = a.MoveNext();
            if (names >= 0)
                hasB = b.MoveNext();
        }
        return 0;
    }
}
