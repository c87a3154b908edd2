using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Merging;

/// <summary>One assignment that nobody who knew it has replaced. An attribute has several when regions assigned at the same time.</summary>
internal sealed class SlotEntry(RevisionStamp stamp, Value value)
{
    /// <summary>Zero when it is stable.</summary>
    public RevisionStamp Stamp { get; set; } = stamp;

    /// <summary>The value. Of an object whose attributes have become slots of their own, the empty object; of an array that is edited, without meaning.</summary>
    public Value Value { get; set; } = value;

    /// <summary>Whether it competes by its value rather than by its stamp: the greatest of them counts.</summary>
    public bool IsMaximum { get; init; }

    /// <summary>As <see cref="IsMaximum"/>, with the smallest.</summary>
    public bool IsMinimum { get; init; }

    /// <summary>How much of each region's increments the assigned number already contains.</summary>
    public CounterShares Contained { get; set; } = CounterShares.Empty;

    /// <summary>The elements, once the array has been edited rather than assigned.</summary>
    public MergingList? List { get; set; }

    public bool IsExtreme => IsMaximum || IsMinimum;
}
