namespace GeoFabric.Query.Optimizer;

/// <summary>Which rules are on: all, changed by entries like "-all", "+use-indexes", "-sort-limit", read from left to right.</summary>
public sealed class RuleSelection(IReadOnlyList<string> entries)
{
    public static RuleSelection Default { get; } = new([]);

    /// <summary>Nothing but the plan as written.</summary>
    public static RuleSelection None { get; } = new(["-all"]);

    /// <summary>The entries as one text, part of the plan's cache key.</summary>
    public string Text { get; } = string.Join(',', entries);

    public bool IsOn(string name)
    {
        var isOn = true;
        foreach (var entry in entries)
        {
            var rule = entry.TrimStart('+', '-');
            if (rule == name || rule == "all")
                isOn = !entry.StartsWith('-');
        }
        return isOn;
    }
}
