using GeoFabric.Primitives.Values;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>A row as a chain of names and values, the newest first; null is the row without any.</summary>
internal sealed record ReferenceRow(string Name, Value Value, ReferenceRow? Before)
{
    /// <summary>Whether the language fixes the value.</summary>
    public bool IsKnown { get; init; } = true;

    public static bool TryFind(ReferenceRow? row, string name, out Value value)
    {
        for (; row is not null; row = row.Before)
        {
            if (row.Name == name)
            {
                value = row.IsKnown ? row.Value : throw new NotSupportedException("a value of which the language promises any of several");
                return true;
            }
        }
        value = default;
        return false;
    }
}
