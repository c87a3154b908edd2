namespace GeoFabric.Database.Merging;

/// <summary>A place in an array: a node of the tree whose in-order walk is the array's order.</summary>
internal sealed class ListNode(ElementId id, ListNode? parent, bool isLeft, ListElement element)
{
    private List<ListNode>? _left;
    private List<ListNode>? _right;

    public ElementId Id => id;

    public ListNode? Parent => parent;

    public bool IsLeft => isLeft;

    public ListElement Element => element;

    public IReadOnlyList<ListNode> Left => _left ?? [];

    public IReadOnlyList<ListNode> Right => _right ?? [];

    public bool HasChildren => _left is { Count: > 0 } || _right is { Count: > 0 };

    /// <summary>Adds a child among its siblings, which are in the order of their ids.</summary>
    public void Add(ListNode child)
    {
        var siblings = child.IsLeft ? _left ??= [] : _right ??= [];
        var at = siblings.Count;
        while (at > 0 && siblings[at - 1].Id.CompareTo(child.Id) > 0)
            at--;
        siblings.Insert(at, child);
    }

    public void Remove(ListNode child) => (child.IsLeft ? _left : _right)!.Remove(child);
}

/// <summary>An element of an array. It keeps its id when it moves to another place.</summary>
internal sealed class ListElement(ElementId id, Slot slot)
{
    public ElementId Id => id;

    public Slot Slot { get; set; } = slot;

    /// <summary>Where it is: of several moves the one with the largest id.</summary>
    public ListNode? Place { get; set; }

    /// <summary>Stamp of the last removal; null while it is there, zero once the removal is stable.</summary>
    public Primitives.Clocks.RevisionStamp? RemovedAt { get; set; }
}
