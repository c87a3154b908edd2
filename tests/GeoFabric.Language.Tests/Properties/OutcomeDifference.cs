using System.Globalization;
using System.Text.RegularExpressions;
using GeoFabric.Language.Tests.Properties.Reference;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>Says how two outcomes differ that should not.</summary>
internal static partial class OutcomeDifference
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
            return AreClose(left.Number, right.Number);
        if (left.IsString)
            return left == right || AreAlike(left.Text, right.Text);
        if (left.IsArray && left.Items.Count == right.Items.Count)
            return ReferenceValues.Items(left).Zip(ReferenceValues.Items(right)).All(pair => AreAlike(pair.First, pair.Second, isExact));
        if (left.IsObject && left.Attributes.Count == right.Attributes.Count)
            return ReferenceValues.Members(left).All(member => AreAlike(member.Value, ReferenceValues.Attribute(right, member.Name), isExact));
        return !(isExact && (left.IsArray || left.IsObject)) && ReferenceValues.AreEqual(left, right);
    }

    /// <summary>Texts into which fractions were put: the same but for their last digits.</summary>
    private static bool AreAlike(string left, string right)
    {
        var (first, second) = (Fraction().Matches(left), Fraction().Matches(right));
        return first.Count > 0 && first.Count == second.Count && Fraction().Replace(left, "") == Fraction().Replace(right, "")
            && first.Zip(second).All(pair => AreClose(Number(pair.First), Number(pair.Second)));
    }

    private static double Number(Match match) => double.Parse(match.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d+\.\d+(?:[eE][+-]?\d+)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fraction();

    private static bool AreClose(double left, double right) => left == right || Math.Abs(left - right) <= 1e-9 * Math.Max(1, Math.Max(Math.Abs(left), Math.Abs(right)));

    private static string Describe(QueryOutcome outcome) => outcome.Error == 0 ? $"{outcome.Rows.Count} rows" : $"error {outcome.Error} {outcome.Message}";

    /// <summary>Of equal rows the shorter ones first, whatever the order of their attributes.</summary>
    private static IReadOnlyList<Value> Ordered(IReadOnlyList<Value> rows, bool isOrdered) => isOrdered ? rows : [.. rows.OrderBy(row => row, ReferenceValues.Order).ThenBy(row => row.ToString().Length)];
}
