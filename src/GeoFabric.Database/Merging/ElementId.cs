using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Database.Merging;

/// <summary>Names an element of an array, or a place in it, for ever: the transaction that made it and a number in it. Elements an array was assigned with have no stamp.</summary>
internal readonly record struct ElementId(RevisionStamp Stamp, uint Index) : IComparable<ElementId>
{
    public int CompareTo(ElementId other)
    {
        var order = Stamp.CompareTo(other.Stamp);
        return order != 0 ? order : Index.CompareTo(other.Index);
    }

    public static bool operator <(ElementId left, ElementId right) => left.CompareTo(right) < 0;

    public static bool operator >(ElementId left, ElementId right) => left.CompareTo(right) > 0;

    public static bool operator <=(ElementId left, ElementId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ElementId left, ElementId right) => left.CompareTo(right) >= 0;
}

/// <summary>Where a new element goes: below a place, on one side of it; below nothing at the start of an array that has no places.</summary>
internal readonly record struct ElementPlace(ElementId? Parent, bool IsLeft);
