using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Merging;

/// <summary>Collects what merging discards, with the place it happens at. A null list collects nothing.</summary>
internal sealed class LostWrites(IList<LostWrite>? target)
{
    /// <summary>Attribute names joined by dots.</summary>
    public string Path { get; set; } = "";

    public void Add(string rule, Value value, RevisionStamp lost, RevisionStamp winner) =>
        target?.Add(new LostWrite(Path, rule, value.Detach(), lost, winner));

    /// <summary>Of two assignments made at the same time the later shows; the other one is lost.</summary>
    public void AddLater(RevisionStamp left, Value leftValue, RevisionStamp right, Value rightValue)
    {
        // Objects merge attribute by attribute.
        if (target is null || (leftValue.IsObject && rightValue.IsObject))
            return;
        if (left < right)
            Add("later-write", leftValue, left, right);
        else
            Add("later-write", rightValue, right, left);
    }
}
