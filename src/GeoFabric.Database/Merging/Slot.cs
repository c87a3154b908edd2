using System.Text;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Merging;

/// <summary>
/// An attribute or an element as merging sees it: the assignments nobody has replaced, the attributes below it, what regions have added to it. Each of
/// these merges by itself whatever the order; readers see the one that was touched last.
/// </summary>
/// <remarks>
/// Pure operation-based: an assignment or removal takes away what its writer had observed and nothing else, so no tombstones are needed as long as records
/// come in causal order (Baquero, Almeida, Shoker, "Pure Operation-Based Replicated Data Types", 2017). Counters keep totals per region for ever, because
/// an assignment says how much of each total it contains.
/// </remarks>
internal sealed class Slot
{
    private readonly List<SlotEntry> _entries = [];
    private OrderedDictionary<string, Slot>? _children;

    public Slot()
    {
    }

    public Slot(RevisionStamp stamp, Value value) => _entries.Add(new SlotEntry(stamp, value));

    public List<SlotEntry> Entries => _entries;

    /// <summary>The attributes that are slots of their own; those of an object nobody has touched are not.</summary>
    public OrderedDictionary<string, Slot>? Children => _children;

    /// <summary>What regions have added, since the document's generation began.</summary>
    public CounterShares Added { get; set; } = CounterShares.Empty;

    /// <summary>What of <see cref="Added"/> was there when the number was removed or replaced by something else.</summary>
    public CounterShares Removed { get; set; } = CounterShares.Empty;

    /// <summary>Takes away what the context has observed and puts a value in its place.</summary>
    /// <param name="contained">How much of the increments the writer had seen.</param>
    public void Assign(in MergeContext context, Value value, CounterShares contained, LostWrites lost)
    {
        NoteLostElements(context, lost);
        RemoveObserved(context);
        foreach (var entry in _entries)
            lost.AddLater(entry.Stamp, entry.Value, context.Stamp, value);
        _entries.Add(new SlotEntry(context.Stamp, value) { Contained = value.IsNumber ? contained : CounterShares.Empty });
        if (!value.IsNumber)
            Removed = Removed.Join(contained);
        // Objects assigned at the same time show together, attribute by attribute.
        if (value.IsObject && (_children is not null || _entries.Count > 1))
            Expand();
    }

    /// <summary>Takes away what the context has observed.</summary>
    public void Unset(in MergeContext context, CounterShares contained)
    {
        RemoveObserved(context);
        Removed = Removed.Join(contained);
    }

    public void Increment(in MergeContext context, Value amount) => Added = Added.Add(context.Stamp, amount);

    /// <summary>Whether an increment still counts: no later assignment or removal contains it.</summary>
    public bool HoldsIncrement(RevisionStamp stamp)
    {
        if (!Added.Shares.TryGetValue(stamp.Origin, out var share) || share.Last < stamp.Timestamp)
            return false;
        var contained = VisibleEntry() is { Value.IsNumber: true } entry ? entry.Contained : Removed;
        return !contained.Shares.TryGetValue(stamp.Origin, out var known) || known.Last < stamp.Timestamp;
    }

    /// <summary>Lets a value compete by its size. What the writer had observed and beaten is no longer needed.</summary>
    public void Compete(in MergeContext context, Value value, bool isMaximum)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            var entry = _entries[i];
            if (entry.IsExtreme && context.HasObserved(entry.Stamp))
                _entries.RemoveAt(i);
        }
        _entries.Add(new SlotEntry(context.Stamp, value) { IsMaximum = isMaximum, IsMinimum = !isMaximum });
    }

    /// <summary>Adds an attribute as stored.</summary>
    public void AddChild(string name, Slot child) => (_children ??= []).Add(name, child);

    /// <summary>The slot of an attribute; of an object that was removed at the same time it makes a new one.</summary>
    public Slot GetOrAddChild(string name)
    {
        Expand();
        _children ??= [];
        if (!_children.TryGetValue(name, out var child))
            _children.Add(name, child = new Slot());
        return child;
    }

    public bool TryGetChild(string name, out Slot? child)
    {
        Expand();
        child = null;
        return _children?.TryGetValue(name, out child) == true;
    }

    /// <summary>The array entry an operation means, with its elements; null when it was replaced.</summary>
    /// <param name="named">The stamp of its assignment for the writer; zero when that was stable.</param>
    public MergingList? FindList(RevisionStamp named, in MergeContext context)
    {
        foreach (var entry in _entries)
        {
            if ((entry.List is null && !entry.Value.IsArray) || !new Generation(entry.Stamp, default).IsMeantBy(new Generation(named, default), context))
                continue;
            return entry.List ??= MergingList.Of(entry.Stamp, entry.Value);
        }
        return null;
    }

    /// <summary>The last touch that still counts; null when nothing is left to see.</summary>
    public RevisionStamp? LastTouch() => LastTouch(ObjectTouch());

    /// <summary>Whether readers see an object made of slots.</summary>
    public bool IsObject => ObjectTouch() is { } touch && !(LastTouch(touch) > touch);

    /// <summary>The entry readers see, unless the slot shows an object; null when there is none.</summary>
    public SlotEntry? VisibleEntry()
    {
        // As almost always: nothing competes.
        if (_entries.Count <= 1 && Added.Shares.IsEmpty)
            return _entries.Count == 0 ? null : _entries[0];
        SlotEntry? top = null;
        foreach (var entry in _entries)
        {
            if (!entry.IsExtreme && (top is null || entry.Stamp > top.Stamp))
                top = entry;
        }
        // What a later increment hides is forgotten once it is stable, so it must not keep greater or smaller values from showing before.
        if (top is { Value.IsNumber: false } && IncrementTouch(top) > top.Stamp)
            top = null;
        foreach (var entry in _entries)
        {
            if (entry.IsMaximum && (top is null || ValueComparer.Compare(entry.Value, top.Value) > 0))
                top = entry;
        }
        foreach (var entry in _entries)
        {
            if (entry.IsMinimum && (top is null || ValueComparer.Compare(entry.Value, top.Value) < 0))
                top = entry;
        }
        return top;
    }

    /// <summary>Whether readers see a number that increments make.</summary>
    public bool ShowsIncrements => !Added.Shares.IsEmpty && !IsObject && TryGetNumber(VisibleEntry(), out _);

    /// <summary>What readers see.</summary>
    /// <returns>False when there is nothing.</returns>
    public bool TryGetVisible(out Value value)
    {
        value = Value.Null;
        if (LastTouch() is null)
            return false;
        if (_children is null && Added.Shares.IsEmpty)
        {
            var entry = VisibleEntry()!;
            value = entry.List is null ? entry.Value : entry.List.ToValue();
            return true;
        }
        using var builder = new ValueBuilder();
        Write(builder);
        value = builder.Build();
        return true;
    }

    /// <summary>Writes what readers see; there must be something.</summary>
    public void Write(ValueBuilder builder)
    {
        if (IsObject && _children is not null)
        {
            Expand();
            builder.BeginObject();
            WriteChildren(builder);
            builder.EndObject();
            return;
        }
        var entry = VisibleEntry();
        if (TryGetNumber(entry, out var number))
            builder.Write(number);
        else if (entry!.List is { } list)
            list.Write(builder);
        else
            builder.Write(entry.Value);
    }

    public void WriteChildren(ValueBuilder builder)
    {
        foreach (var (name, child) in _children!)
        {
            if (child.LastTouch() is null)
                continue;
            builder.WriteName(Encoding.UTF8.GetBytes(name));
            child.Write(builder);
        }
    }

    /// <summary>Turns the attributes of assigned objects into slots of their own.</summary>
    public void Expand()
    {
        foreach (var entry in _entries)
        {
            if (!entry.Value.IsObject || entry.Value.Attributes.Count == 0)
                continue;
            _children ??= [];
            foreach (var (nameUtf8, value) in entry.Value.Attributes)
            {
                var name = Encoding.UTF8.GetString(nameUtf8);
                if (!_children.TryGetValue(name, out var child))
                    _children.Add(name, child = new Slot());
                child._entries.Add(new SlotEntry(entry.Stamp, value));
            }
            entry.Value = Value.EmptyObject;
        }
    }

    /// <summary>Forgets the order among what is stable: all that can still arrive has observed it.</summary>
    public void ForgetStable(HybridTimestamp stable)
    {
        if (_entries.Count == 1 && _children is null && Added.Shares.IsEmpty && !_entries[0].IsExtreme)
        {
            ForgetStamp(_entries[0], stable);
            return;
        }
        DropHidden(stable);
        if (_children is not null)
        {
            foreach (var child in _children.Values)
                child.ForgetStable(stable);
            foreach (var name in _children.Where(child => child.Value.IsEmpty).Select(child => child.Key).ToList())
                _children.Remove(name);
            if (_children.Count == 0)
                _children = null;
        }
        foreach (var entry in _entries)
            ForgetStamp(entry, stable);
    }

    /// <summary>Whether nothing is left, neither to see nor to remember.</summary>
    public bool IsEmpty => _entries.Count == 0 && _children is null && Added.Shares.IsEmpty;

    private static void ForgetStamp(SlotEntry entry, HybridTimestamp stable)
    {
        if (entry.Stamp.Timestamp <= stable)
            entry.Stamp = default;
        entry.List?.ForgetStable(stable);
    }

    /// <summary>Drops stable components that a later touch hides: only what has observed them can take that touch away.</summary>
    private void DropHidden(HybridTimestamp stable)
    {
        var showsObject = IsObject;
        var visible = VisibleEntry();
        var increment = IncrementTouch(visible);
        if (visible is not null && !visible.Value.IsNumber && increment is { } touch)
        {
            // Text against a number that is counted: the later touch shows. Once all have seen the text nobody counts on.
            if (touch > visible.Stamp)
                visible = null;
            else if (visible.Stamp.Timestamp <= stable)
                Removed = Removed.Join(Added);
        }
        // A write inside an object that somebody overwrote at the same time brings the object back. Until all have seen the overwriting it can still come.
        var keepsObject = showsObject || LastTouch()?.Timestamp > stable;
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            var entry = _entries[i];
            var isMarker = keepsObject && entry.Value.IsObject && entry.List is null;
            var isNeeded = isMarker ? !_entries.Any(other => other.Value.IsObject && other.Stamp > entry.Stamp) : !showsObject && ReferenceEquals(entry, visible);
            if (!isNeeded && entry.Stamp.Timestamp <= stable)
                _entries.RemoveAt(i);
        }
        if (_entries is [{ IsExtreme: true } only] && only.Stamp.Timestamp <= stable)
            _entries[0] = new SlotEntry(only.Stamp, only.Value);
        if (!keepsObject)
            _children = null;
    }

    /// <summary>The last increment that readers see beside an entry; null when there is none.</summary>
    private RevisionStamp? IncrementTouch(SlotEntry? visible)
    {
        if (Added.Shares.IsEmpty)
            return null;
        var last = Added.LastBeyond(visible?.Value.IsNumber == true ? visible.Contained : Removed);
        return last == default ? null : last;
    }

    /// <summary>The number readers see when increments make it.</summary>
    private bool TryGetNumber(SlotEntry? entry, out Value number)
    {
        number = default;
        if (Added.Shares.IsEmpty)
            return false;
        if (entry?.Value.IsNumber == true)
        {
            number = Added.AddTo(entry.Value, entry.Contained);
            return true;
        }
        if (IncrementTouch(entry) is not { } touch || (entry is not null && entry.Stamp > touch))
            return false;
        number = Added.AddTo(Value.FromInteger(0), Removed);
        return true;
    }

    private static void Raise(ref RevisionStamp? last, RevisionStamp stamp)
    {
        if (last is null || stamp > last)
            last = stamp;
    }

    /// <summary>Elements go with the array they were added to, whoever added them.</summary>
    private void NoteLostElements(in MergeContext context, LostWrites lost)
    {
        foreach (var entry in _entries)
        {
            if (entry.List is null || !context.HasObserved(entry.Stamp))
                continue;
            var observer = context;
            var added = entry.List.Elements().Where(element => element.RemovedAt is null && !observer.HasObserved(element.Id.Stamp));
            foreach (var transaction in added.GroupBy(element => element.Id.Stamp))
            {
                var values = new List<Value>();
                foreach (var element in transaction)
                {
                    if (element.Slot.TryGetVisible(out var value))
                        values.Add(value);
                }
                lost.Add("list-replaced", Value.FromList([.. values]), transaction.Key, context.Stamp);
            }
        }
    }

    /// <remarks>Counters below an object are taken away by operations of their own, which say how much of them.</remarks>
    private void RemoveObserved(in MergeContext context)
    {
        var observer = context;
        _entries.RemoveAll(entry => observer.HasObserved(entry.Stamp));
        if (_children is null)
            return;
        List<string>? empty = null;
        foreach (var (name, child) in _children)
        {
            child.RemoveObserved(context);
            if (child.IsEmpty)
                (empty ??= []).Add(name);
        }
        foreach (var name in empty ?? [])
            _children.Remove(name);
        if (_children.Count == 0)
            _children = null;
    }

    /// <param name="objectTouch">The last touch of the object.</param>
    private RevisionStamp? LastTouch(RevisionStamp? objectTouch)
    {
        var last = objectTouch;
        foreach (var entry in _entries)
            Raise(ref last, entry.Stamp);
        if (!Added.Shares.IsEmpty && IncrementTouch(VisibleEntry()) is { } increment)
            Raise(ref last, increment);
        return last;
    }

    private RevisionStamp? ObjectTouch()
    {
        RevisionStamp? last = null;
        foreach (var entry in _entries)
        {
            if (entry.Value.IsObject && entry.List is null)
                Raise(ref last, entry.Stamp);
        }
        if (_children is null)
            return last;
        for (var i = 0; i < _children.Count; i++)
        {
            if (_children.GetAt(i).Value.LastTouch() is { } touch)
                Raise(ref last, touch);
        }
        return last;
    }
}
