using GeoFabric.Language.Tests.Properties.Reference;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>Says how two outcomes differ that should not.</summary>
internal static class OutcomeDifference
{
    /// <param name="isExact">
    /// Attributes that are null are no missing ones. The language compares them as equal, so of several values that are equal it may give any.
    /// </param>
    /// <returns>Null when there is no difference.</returns>
    public static string? Find(QueryOutcome expected, QueryOutcome actual, bool isOrdered, bool compareWarnings, bool isExact = false)
    {
        if (expected.Error != actual.Error)
            return $"{Describe(expected)} became {Describe(actual)}";
        if (compareWarnings && expected.Warnings != actual.Warnings)
            return $"warnings [{expected.Warnings}] became [{actual.Warnings}]";
        var left = Ordered(expected.Rows, isOrdered);
        var right = Ordered(actual.Rows, isOrdered);
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            if (i >= left.Count || i >= right.Count || !AreAlike(left[i], right[i], isExact))
                return $"{left.Count} rows became {right.Count}; row {i}: {(i < left.Count ? left[i] : "none")} became {(i < right.Count ? right[i] : "none")}";
        }
        return null;
    }

    /// <summary>Equal, but for the last digits of numbers: sums of fractions depend on the order they are added in.</summary>
    private static bool AreAlike(Value left, Value right, bool isExact)
    {
        if (left.Kind != right.Kind)
            return false;
        if (left.IsNumber && (left.IsDouble || right.IsDouble))
            return left.Number == right.Number || Math.Abs(left.Number - right.Number) <= 1e-9 * Math.Max(1, Math.Max(Math.Abs(left.Number), Math.Abs(right.Number)));
        if (left.IsArray && left.Items.Count == right.Items.Count)
            return ReferenceValues.Items(left).Zip(ReferenceValues.Items(right)).All(pair => AreAlike(pair.First, pair.Second, isExact));
        if (left.IsObject && left.Attributes.Count == right.Attributes.Count)
            return ReferenceValues.Members(left).All(member => AreAlike(member.Value, ReferenceValues.Attribute(right, member.Name), isExact));
        return !(isExact && (left.IsArray || left.IsObject)) && ReferenceValues.AreEqual(left, right);
    }

    private static string Describe(QueryOutcome outcome) => outcome.Error == 0 ? $"{outcome.Rows.Count} rows" : $"error {outcome.Error} {outcome.Message}";

    /// <summary>Of equal rows the shorter ones first, whatever the order of their attributes.</summary>
    private static IReadOnlyList<Value> Ordered(IReadOnlyList<Value> rows, bool isOrdered) => isOrdered ? rows : [.. rows.OrderBy(row => row, ReferenceValues.Order).ThenBy(row => row.ToString().Length)];
}
