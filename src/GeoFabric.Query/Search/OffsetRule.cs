using System.Globalization;
using GeoFabric.Database.Inverted;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Search;

/// <summary>A path that OFFSET_INFO() is asked for, with how many offsets are wanted.</summary>
/// <param name="Steps">Names as strings, positions in arrays as integers.</param>
/// <param name="Limits">By <see cref="SearchTargetKind"/>.</param>
internal sealed record OffsetRule(IReadOnlyList<Value> Steps, long Most, long[] Limits)
{
    private const int RulesMax = 1000;
    private const int StepsMax = 100;
    private const long MostByDefault = 10;
    private static readonly string[] s_limitNames = ["term", "phrase", "ngram"];

    public IEnumerable<string> Names => Steps.Where(step => step.IsString).Select(step => step.Text);

    /// <summary>The path in indexes that know positions, and in those that do not.</summary>
    public IReadOnlyList<SearchPath> SearchPaths { get; } =
    [
        new SearchPath(Steps.Where(step => step.IsString).Select(step => step.Text)),
        new SearchPath(Steps.Select(step => step.IsString ? step.Text : SearchPath.Position(step.Integer))),
    ];

    public static bool TryReadAll(Value paths, out List<OffsetRule> rules)
    {
        rules = [];
        if (paths.IsString)
            return TryRead(paths, rules);
        if (!paths.IsArray || paths.Items.Count > RulesMax)
            return false;
        foreach (var path in paths.Items)
        {
            if (!TryRead(path, rules))
                return false;
        }
        return true;
    }

    private static bool TryRead(Value given, List<OffsetRule> rules)
    {
        var name = given.IsObject ? given.GetAttribute("name"u8) : given;
        var options = given.IsObject ? given.GetAttribute("options"u8) : default;
        if (!name.IsString || !TryReadSteps(name.Text, out var steps) || !(options.IsNull || options.IsObject))
            return false;
        var most = MostByDefault;
        var limits = new[] { long.MaxValue, long.MaxValue, long.MaxValue };
        if (options.IsObject)
        {
            var inner = options.GetAttribute("limits"u8);
            if (!TryReadNumber(options, "maxOffsets", ref most) || !(inner.IsNull || inner.IsObject))
                return false;
            for (var i = 0; i < limits.Length; i++)
            {
                if (inner.IsObject && !TryReadNumber(inner, s_limitNames[i], ref limits[i]))
                    return false;
            }
        }
        rules.Add(new OffsetRule(steps, most, limits));
        return true;
    }

    private static bool TryReadNumber(Value options, string name, ref long number)
    {
        var value = options.GetAttribute(System.Text.Encoding.UTF8.GetBytes(name));
        if (value.IsNull)
            return true;
        if (!value.IsNumber || !(value.Number >= 0))
            return false;
        number = (long)Math.Min(value.Number, int.MaxValue);
        return true;
    }

    /// <summary>Reads <c>a.b[0].c</c>.</summary>
    private static bool TryReadSteps(string path, out List<Value> steps)
    {
        steps = [];
        foreach (var part in path.Split('.'))
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            var name = bracket < 0 ? part : part[..bracket];
            if (name.Length == 0 || steps.Count >= StepsMax)
                return false;
            steps.Add(Value.FromString(name));
            for (var rest = bracket < 0 ? "" : part[bracket..]; rest.Length > 0;)
            {
                var end = rest.IndexOf(']', StringComparison.Ordinal);
                if (rest[0] != '[' || end < 0 || steps.Count >= StepsMax
                    || !int.TryParse(rest.AsSpan(1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
                    return false;
                steps.Add(Value.FromInteger(position));
                rest = rest[(end + 1)..];
            }
        }
        return true;
    }
}
