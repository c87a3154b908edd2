using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Merging;

/// <summary>The elements of an array that regions edit rather than assign.</summary>
/// <remarks>
/// Order: the Fugue tree (Weidner, Kleppmann, "The Art of the Fugue", 2023), in which runs inserted at the same place at the same time do not interleave.
/// Moves: a register of places per element (Kleppmann, "Moving Elements in List CRDTs", 2020). Removed elements keep their place until everybody has seen
/// the removal, and as long as others hang below it.
/// </remarks>
internal sealed class MergingList
{
    // The virtual place before the first one.
    private readonly ListNode _root = new(default, null, false, new ListElement(default, new Slot()));
    private readonly Dictionary<ElementId, ListNode> _nodes = [];
    private readonly List<ListNode> _inserted = [];
    private List<ListNode>? _order;

    /// <param name="assigned">Elements the array was assigned with.</param>
    public MergingList(int assigned)
    {
        AssignedCount = assigned;
        var last = _root;
        for (uint i = 0; i < assigned; i++)
            last = AddNode(new ElementId(default, i), last, false, new ListElement(new ElementId(default, i), new Slot()));
    }

    public int AssignedCount { get; }

    /// <summary>Whether equal elements show once.</summary>
    public bool IsDistinct { get; set; }

    /// <summary>Places that came after the assignment, in the order they came.</summary>
    public IReadOnlyList<ListNode> Inserted => _inserted;

    /// <summary>The list of an array nobody has edited yet.</summary>
    public static MergingList Of(RevisionStamp stamp, Value array)
    {
        var list = new MergingList(array.Items.Count);
        for (var i = 0; i < array.Items.Count; i++)
            list._nodes[new ElementId(default, (uint)i)].Element.Slot = new Slot(stamp, array.Items[i]);
        return list;
    }

    public bool IsRoot(ListNode node) => ReferenceEquals(node, _root);

    /// <summary>All elements, also removed ones: those assigned first, then in the order of their ids.</summary>
    public IEnumerable<ListElement> Elements()
    {
        for (uint i = 0; i < AssignedCount; i++)
            yield return _nodes[new ElementId(default, i)].Element;
        foreach (var node in _inserted.OrderBy(node => node.Id))
        {
            if (node.Id == node.Element.Id)
                yield return node.Element;
        }
    }

    public ListElement? Find(ElementId id) => _nodes.GetValueOrDefault(id)?.Element;

    /// <summary>All places in order, also those that show nothing.</summary>
    public IReadOnlyList<ListNode> Order() => _order ??= Walk();

    /// <summary>The places readers see, in order.</summary>
    public List<ListNode> Visible()
    {
        var visible = new List<ListNode>();
        var seen = IsDistinct ? new HashSet<Value>() : null;
        foreach (var node in Order())
        {
            if (!ReferenceEquals(node.Element.Place, node) || node.Element.RemovedAt is not null || !node.Element.Slot.TryGetVisible(out var value))
                continue;
            if (seen is null || seen.Add(value))
                visible.Add(node);
        }
        return visible;
    }

    /// <summary>Elements that are there and equal to a value, shown or not.</summary>
    public IEnumerable<ListElement> FindEqual(Value value)
    {
        foreach (var node in Order())
        {
            var element = node.Element;
            if (ReferenceEquals(element.Place, node) && element.RemovedAt is null && element.Slot.TryGetVisible(out var present) && present == value)
                yield return element;
        }
    }

    /// <summary>The place of a new element behind a visible one, or at the start.</summary>
    /// <remarks>
    /// It hangs below a place that readers see: a removed one may be forgotten elsewhere already. Among its siblings it comes last, since its id is
    /// later than all that its writer has seen.
    /// </remarks>
    public ElementPlace PlaceAfter(ListNode? left)
    {
        if ((left ?? _root).Right.Count > 0)
        {
            var visible = Visible();
            var next = left is null ? 0 : visible.IndexOf(left) + 1;
            if (next < visible.Count)
                return new ElementPlace(visible[next].Id, IsLeft: true);
        }
        return new ElementPlace(left?.Id, IsLeft: false);
    }

    /// <summary>Inserts a run of elements.</summary>
    /// <exception cref="InvalidDataException">The place is unknown.</exception>
    public void Insert(in MergeContext context, uint firstIndex, ElementPlace place, IReadOnlyList<Value> values)
    {
        var parent = Resolve(place.Parent);
        var isLeft = place.IsLeft;
        foreach (var value in values)
        {
            var id = new ElementId(context.Stamp, firstIndex++);
            parent = AddNode(id, parent, isLeft, new ListElement(id, new Slot(context.Stamp, value)));
            isLeft = false;
        }
    }

    /// <summary>Removes an element for good, with whatever others do to it.</summary>
    public void Remove(in MergeContext context, ElementId id, LostWrites lost)
    {
        if (Find(id) is not { } element)
            return;
        if (element.RemovedAt is null && element.Slot.LastTouch() is { } touch && !context.HasObserved(touch) && element.Slot.TryGetVisible(out var value))
            lost.Add("element-removed", value, touch, context.Stamp);
        if (element.RemovedAt is null || element.RemovedAt < context.Stamp)
            element.RemovedAt = context.Stamp;
        element.Slot = new Slot();
        _order = null;
    }

    /// <exception cref="InvalidDataException">The place is unknown.</exception>
    public void Move(in MergeContext context, ElementId id, uint index, ElementPlace place)
    {
        if (Find(id) is not { } element)
            return;
        AddNode(new ElementId(context.Stamp, index), Resolve(place.Parent), place.IsLeft, element);
    }

    /// <summary>Adds a place as the metadata has it.</summary>
    public ListNode Restore(ElementId id, ElementPlace place, ElementId elementId)
    {
        var element = id == elementId ? new ListElement(id, new Slot()) : Find(elementId) ?? throw new InvalidDataException("a moved element is unknown");
        return AddNode(id, Resolve(place.Parent), place.IsLeft, element);
    }

    public Value ToValue()
    {
        using var builder = new ValueBuilder();
        Write(builder);
        return builder.Build();
    }

    public void Write(ValueBuilder builder)
    {
        builder.BeginArray();
        foreach (var node in Visible())
            node.Element.Slot.Write(builder);
        builder.EndArray();
    }

    /// <summary>Forgets removed elements and left places that nobody can name any more.</summary>
    public void ForgetStable(HybridTimestamp stable)
    {
        foreach (var node in _nodes.Values)
        {
            node.Element.Slot.ForgetStable(stable);
            if (node.Element.RemovedAt is { } removed && removed.Timestamp <= stable)
                node.Element.RemovedAt = default(RevisionStamp);
        }
        for (var i = _inserted.Count - 1; i >= 0; i--)
        {
            var node = _inserted[i];
            if (node.HasChildren || node.Id.Stamp.Timestamp > stable)
                continue;
            var isGone = node.Element.RemovedAt == default(RevisionStamp);
            var isLeft = !ReferenceEquals(node.Element.Place, node) && node.Element.Place!.Id.Stamp.Timestamp <= stable && node.Id != node.Element.Id;
            if (!isGone && !isLeft)
                continue;
            // An element that other places show keeps the one that names it.
            if (isGone && node.Id == node.Element.Id && _inserted.Any(other => !ReferenceEquals(other, node) && ReferenceEquals(other.Element, node.Element)))
                continue;
            _inserted.RemoveAt(i);
            _nodes.Remove(node.Id);
            node.Parent!.Remove(node);
            _order = null;
        }
    }

    private ListNode Resolve(ElementId? parent)
    {
        if (parent is not { } id)
            return _root;
        return _nodes.TryGetValue(id, out var node) ? node : throw new InvalidDataException("a place in an array is unknown");
    }

    private ListNode AddNode(ElementId id, ListNode parent, bool isLeft, ListElement element)
    {
        var node = new ListNode(id, parent, isLeft, element);
        if (!_nodes.TryAdd(id, node))
            throw new InvalidDataException("a place in an array is there twice");
        parent.Add(node);
        if (id.Stamp != default)
            _inserted.Add(node);
        if (element.Place is null || element.Place.Id.CompareTo(id) < 0)
            element.Place = node;
        _order = null;
        return node;
    }

    /// <summary>In-order walk with a stack of its own: the tree is as deep as the array is long.</summary>
    private List<ListNode> Walk()
    {
        var order = new List<ListNode>(_nodes.Count);
        var stack = new Stack<(ListNode Node, bool IsOpened)>();
        PushAll(stack, _root.Right);
        while (stack.TryPop(out var next))
        {
            if (next.IsOpened)
            {
                order.Add(next.Node);
                PushAll(stack, next.Node.Right);
                continue;
            }
            stack.Push((next.Node, true));
            PushAll(stack, next.Node.Left);
        }
        return order;
    }

    private static void PushAll(Stack<(ListNode Node, bool IsOpened)> stack, IReadOnlyList<ListNode> nodes)
    {
        for (var i = nodes.Count - 1; i >= 0; i--)
            stack.Push((nodes[i], false));
    }
}
