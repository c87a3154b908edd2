using System.Buffers.Binary;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Database.Merging;

/// <summary>Writes what a document's body and revision do not tell. Persisted: see docs/storage-format.md, "Merging".</summary>
/// <remarks>
/// <code>
/// metadata := version u8 (2) | CRC-32C u32 over the rest | generation kind u8 | generation stamp | slot, of a document that is there
/// slot     := flags u8 | [entries] | [added shares, removed shares] | [count, (name, slot)*] | [list]
/// entries  := count, (stamp | flags u8 | [value] | [contained shares] | [list])*
/// list     := flags u8 | assigned count | places: count, (id, place, [element id]) | removed: count, (element id, stamp) | unseen: count, (element id, slot)
///           | elements: count, (element id, slot)*
/// </code>
/// A slot that is left out has one entry of the value in the body, stamped as the object or array it is in.
/// </remarks>
internal sealed class MergeMetadataWriter(HybridTimestamp stable)
{
    public const byte Version = 2;
    public const int HeaderSize = 5;

    private readonly MergeBytes _bytes = new();

    /// <summary>The last stamp written that will be forgotten once it is stable; zero for none.</summary>
    public HybridTimestamp Newest { get; private set; }

    /// <returns>Null when there is nothing to remember.</returns>
    public byte[]? Write(MergingDocument document)
    {
        var generation = document.Generation;
        if (generation.Kind == GenerationKind.None)
            return null;
        if (generation.Kind == GenerationKind.Put && IsPlain(document.Root, generation.Stamp)
            && (generation.Stamp == document.Stamp || (generation.Stamp == default && document.Stamp.Timestamp <= stable)))
            return null;
        _bytes.Byte((byte)generation.Kind);
        WriteUnstable(generation.Stamp);
        if (document.IsPresent)
        {
            // Until then the revision alone would be taken for the generation.
            Note(document.Stamp);
            WriteSlot(document.Root, generation.Stamp, isShown: true);
        }
        var metadata = new byte[HeaderSize + _bytes.Written.Length];
        metadata[0] = Version;
        BinaryPrimitives.WriteUInt32LittleEndian(metadata.AsSpan(1), Crc32C.Compute(_bytes.Written));
        _bytes.Written.CopyTo(metadata.AsSpan(HeaderSize));
        return metadata;
    }

    /// <summary>Whether a slot is what a reader of the body assumes.</summary>
    private bool IsPlain(Slot slot, RevisionStamp assumed)
    {
        if (!slot.Added.Shares.IsEmpty || slot.Entries is not [{ IsExtreme: false } only] || !IsAssumed(only.Stamp, assumed) || IsEdited(only) || IsOverwritten(slot, only))
            return false;
        if (slot.Children is null)
            return true;
        foreach (var child in slot.Children.Values)
        {
            if (!child.IsEmpty && !IsPlain(child, only.Stamp))
                return false;
        }
        return true;
    }

    /// <summary>Whether something else was written inside of what is not an object: the body may show that.</summary>
    private static bool IsOverwritten(Slot slot, SlotEntry entry) => !entry.Value.IsObject && slot.Children?.Values.Any(child => !child.IsEmpty) == true;

    /// <summary>Whether an array differs from the one assigned: looking for an element makes a list, too.</summary>
    private bool IsEdited(SlotEntry entry)
    {
        if (entry.List is not { } list)
            return false;
        if (list.IsDistinct || list.Inserted.Count > 0)
            return true;
        foreach (var element in list.Elements())
        {
            if (element.RemovedAt is not null || !IsPlain(element.Slot, entry.Stamp))
                return true;
        }
        return false;
    }

    private bool IsAssumed(RevisionStamp stamp, RevisionStamp assumed) =>
        stamp == assumed || (stamp == default && assumed.Timestamp <= stable);

    private void WriteSlot(Slot slot, RevisionStamp assumed, bool isShown)
    {
        var visible = slot.IsObject ? null : slot.VisibleEntry();
        var hasCounter = !slot.Added.Shares.IsEmpty;
        // An array that is edited has its elements in the body when it shows, and in the metadata when it does not.
        var shownList = isShown && visible is not null && IsEdited(visible) && !slot.ShowsIncrements ? visible.List : null;
        var hasEntries = hasCounter || slot.Entries is not [{ IsExtreme: false } only] || !IsAssumed(only.Stamp, assumed)
            || (IsEdited(only) && shownList is null) || IsOverwritten(slot, only);
        // One way to write a state, whether somebody looked inside its objects or not.
        if (hasEntries)
            slot.Expand();
        var marker = slot.Entries.Where(entry => entry.Value.IsObject && entry.List is null).Select(entry => entry.Stamp).DefaultIfEmpty().Max();
        var showsChildren = isShown && slot.IsObject;
        var children = slot.Children?.Where(child => !child.Value.IsEmpty && !(showsChildren && IsPlain(child.Value, marker)))
            .OrderBy(child => child.Key, StringComparer.Ordinal).ToList() ?? [];
        _bytes.Byte((byte)((hasEntries ? 1 : 0) | (hasCounter ? 2 : 0) | (children.Count > 0 ? 4 : 0) | (shownList is not null ? 8 : 0)));
        if (hasEntries)
            WriteEntries(slot, visible, shownList, isShown && !hasCounter);
        if (hasCounter)
            _bytes.Shares(slot.Added).Shares(slot.Removed);
        if (children.Count > 0)
        {
            _bytes.Number((ulong)children.Count);
            foreach (var (name, child) in children)
            {
                _bytes.Text(name);
                var isChildShown = showsChildren && child.LastTouch() is not null;
                WriteSlot(child, isChildShown ? marker : StampOfNothing, isChildShown);
            }
        }
        if (shownList is not null)
            WriteList(shownList, visible!.Stamp, isShown: true);
    }

    private void WriteEntries(Slot slot, SlotEntry? visible, MergingList? shownList, bool isVisibleInBody)
    {
        _bytes.Number((ulong)slot.Entries.Count);
        foreach (var entry in slot.Entries)
        {
            WriteUnstable(entry.Stamp);
            var isShownList = entry.List is not null && ReferenceEquals(entry.List, shownList);
            var isMarker = entry.Value.IsObject && entry.List is null;
            var isInBody = (isVisibleInBody && ReferenceEquals(entry, visible)) || isShownList || isMarker;
            var hasContained = !entry.Contained.Shares.IsEmpty;
            var hasList = IsEdited(entry) && !isShownList;
            _bytes.Byte((byte)((isInBody ? 1 : 0) | (entry.IsMaximum ? 2 : 0) | (entry.IsMinimum ? 4 : 0) | (hasContained ? 8 : 0) | (hasList ? 16 : 0) | (isMarker ? 32 : 0)));
            if (!isInBody && !hasList)
                _bytes.Value(entry.Value);
            if (hasContained)
                _bytes.Shares(entry.Contained);
            if (hasList)
                WriteList(entry.List!, entry.Stamp, isShown: false);
        }
    }

    private void WriteList(MergingList list, RevisionStamp assigned, bool isShown)
    {
        _bytes.Byte((byte)(list.IsDistinct ? 1 : 0)).Number((ulong)list.AssignedCount).Number((ulong)list.Inserted.Count);
        // In the order of ids, in which what a place hangs below comes before it.
        foreach (var node in list.Inserted.OrderBy(node => node.Id))
        {
            _bytes.Element(node.Id).Place(new ElementPlace(list.IsRoot(node.Parent!) ? null : node.Parent!.Id, node.IsLeft)).Element(node.Element.Id);
            Note(node.Id.Stamp);
        }
        var elements = list.Elements().ToList();
        var removed = elements.Where(element => element.RemovedAt is not null).ToList();
        _bytes.Number((ulong)removed.Count);
        foreach (var element in removed)
        {
            _bytes.Element(element.Id);
            WriteUnstable(element.RemovedAt!.Value);
        }
        var visible = isShown ? list.Visible().Select(node => node.Element).ToHashSet() : [];
        WriteElements(elements.Where(element => element.RemovedAt is null && !visible.Contains(element)), assigned, isShown: false);
        WriteElements(elements.Where(element => visible.Contains(element) && !IsPlain(element.Slot, StampOf(element, assigned))), assigned, isShown: true);
    }

    private void WriteElements(IEnumerable<ListElement> elements, RevisionStamp assigned, bool isShown)
    {
        var listed = elements.ToList();
        _bytes.Number((ulong)listed.Count);
        foreach (var element in listed)
        {
            _bytes.Element(element.Id);
            // What does not show has its entries written out: no assumption about them holds.
            WriteSlot(element.Slot, isShown ? StampOf(element, assigned) : StampOfNothing, isShown);
        }
    }

    /// <summary>No entry is ever stamped so: makes sure that entries are written.</summary>
    private static RevisionStamp StampOfNothing => new(new HybridTimestamp(ulong.MaxValue), ushort.MaxValue);

    private static RevisionStamp StampOf(ListElement element, RevisionStamp assigned) => element.Id.Stamp == default ? assigned : element.Id.Stamp;

    private void WriteUnstable(RevisionStamp stamp)
    {
        _bytes.Stamp(stamp);
        Note(stamp);
    }

    private void Note(RevisionStamp stamp)
    {
        if (stamp.Timestamp > stable && stamp.Timestamp > Newest)
            Newest = stamp.Timestamp;
    }
}
