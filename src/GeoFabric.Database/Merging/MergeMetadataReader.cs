using System.Buffers.Binary;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Hashing;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Merging;

/// <summary>Reads what <see cref="MergeMetadataWriter"/> wrote, together with the body.</summary>
internal static class MergeMetadataReader
{
    /// <exception cref="InvalidDataException">The metadata is damaged or does not fit the body.</exception>
    public static MergingDocument Read(byte[] metadata, Value body, RevisionStamp revision, HybridTimestamp stable)
    {
        const int Header = MergeMetadataWriter.HeaderSize;
        if (metadata.Length <= Header || metadata[0] != MergeMetadataWriter.Version)
            throw new InvalidDataException("the version of merge metadata is unknown");
        if (BinaryPrimitives.ReadUInt32LittleEndian(metadata.AsSpan(1)) != Crc32C.Compute(metadata.AsSpan(Header)))
            throw new InvalidDataException("merge metadata fails its checksum");
        var reader = new MergeReader(metadata, Header);
        var generation = new Generation(default, (GenerationKind)reader.ReadByte());
        generation = generation with { Stamp = reader.ReadStamp() };
        if (generation.Kind == GenerationKind.Deletion)
            return new MergingDocument(generation, new Slot(), generation.Stamp, stable);
        if (generation.Kind is not (GenerationKind.Put or GenerationKind.Shared) || !body.IsObject)
            throw new InvalidDataException("merge metadata does not fit its document");
        var root = new Slot();
        ReadSlot(ref reader, root, body, generation.Stamp, depth: 0);
        return new MergingDocument(generation, root, revision, stable);
    }

    /// <param name="shown">What the body has in the slot's place; null when it shows nothing, or nothing of what is stored inside.</param>
    private static void ReadSlot(ref MergeReader reader, Slot slot, Value? shown, RevisionStamp assumed, int depth)
    {
        if (depth > MergeReader.DepthMax)
            throw new InvalidDataException("merge metadata is nested too deeply");
        var flags = reader.ReadByte();
        var hasMarker = false;
        if ((flags & 1) != 0)
            hasMarker = ReadEntries(ref reader, slot, shown, depth);
        else
            slot.Entries.Add(new SlotEntry(assumed, shown ?? throw NoFit()));
        if ((flags & 2) != 0)
        {
            slot.Added = reader.ReadShares();
            slot.Removed = reader.ReadShares();
        }
        // An object without an assignment of its own is what is left of one that was removed while others wrote inside.
        if ((flags & 4) != 0 || hasMarker || (slot.Entries.Count == 0 && shown is { IsObject: true }))
            ReadChildren(ref reader, slot, shown, (flags & 4) != 0 ? reader.ReadCount() : 0, depth);
        if ((flags & 8) != 0)
        {
            var entry = slot.VisibleEntry() ?? throw NoFit();
            entry.List = ReadList(ref reader, entry.Stamp, shown ?? throw NoFit(), depth);
        }
    }

    /// <returns>Whether one is an object whose attributes are slots.</returns>
    private static bool ReadEntries(ref MergeReader reader, Slot slot, Value? shown, int depth)
    {
        var hasMarker = false;
        for (var count = reader.ReadCount(); count > 0; count--)
        {
            var stamp = reader.ReadStamp();
            var flags = reader.ReadByte();
            hasMarker |= (flags & 32) != 0;
            var value = Value.Null;
            if ((flags & 32) != 0)
                value = Value.EmptyObject;
            else if ((flags & 1) != 0)
                value = shown ?? throw NoFit();
            else if ((flags & 16) == 0)
                value = reader.ReadValue();
            var entry = new SlotEntry(stamp, value) { IsMaximum = (flags & 2) != 0, IsMinimum = (flags & 4) != 0 };
            if ((flags & 8) != 0)
                entry.Contained = reader.ReadShares();
            if ((flags & 16) != 0)
                entry.List = ReadList(ref reader, stamp, null, depth);
            slot.Entries.Add(entry);
        }
        return hasMarker;
    }

    private static void ReadChildren(ref MergeReader reader, Slot slot, Value? shown, int count, int depth)
    {
        var marker = slot.Entries.Where(entry => entry.Value.IsObject && entry.List is null).Select(entry => entry.Stamp).DefaultIfEmpty().Max();
        var named = new Dictionary<string, Slot>(StringComparer.Ordinal);
        var isObject = shown is { IsObject: true };
        for (; count > 0; count--)
        {
            var child = new Slot();
            var name = reader.ReadText();
            Value? inside = isObject && shown!.Value.TryGetAttribute(System.Text.Encoding.UTF8.GetBytes(name), out var found) ? found : null;
            ReadSlot(ref reader, child, inside, marker, depth + 1);
            named.Add(name, child);
        }
        // Entries that took the body's object as their value hold it through its attributes from here on.
        foreach (var entry in slot.Entries.Where(entry => entry.Value.IsObject && entry.List is null))
            entry.Value = Value.EmptyObject;
        if (isObject)
        {
            foreach (var (nameUtf8, value) in shown!.Value.Attributes)
            {
                var name = System.Text.Encoding.UTF8.GetString(nameUtf8);
                slot.AddChild(name, named.Remove(name, out var child) ? child : new Slot(marker, value));
            }
        }
        foreach (var (name, child) in named.OrderBy(child => child.Key, StringComparer.Ordinal))
            slot.AddChild(name, child);
    }

    private static MergingList ReadList(ref MergeReader reader, RevisionStamp assigned, Value? shown, int depth)
    {
        var isDistinct = reader.ReadByte() != 0;
        var assignedCount = reader.ReadNumber();
        if (assignedCount > 1 << 22)
            throw new InvalidDataException("merge metadata holds an impossible count");
        var list = new MergingList((int)assignedCount) { IsDistinct = isDistinct };
        for (var count = reader.ReadCount(); count > 0; count--)
        {
            var id = reader.ReadElement();
            var place = reader.ReadPlace();
            list.Restore(id, place, reader.ReadElement());
        }
        for (var count = reader.ReadCount(); count > 0; count--)
        {
            var element = list.Find(reader.ReadElement()) ?? throw NoFit();
            element.RemovedAt = reader.ReadStamp();
        }
        var unseen = new HashSet<ElementId>();
        for (var count = reader.ReadCount(); count > 0; count--)
        {
            var element = list.Find(reader.ReadElement()) ?? throw NoFit();
            unseen.Add(element.Id);
            ReadSlot(ref reader, element.Slot, null, default, depth + 1);
        }
        if (shown is not { IsArray: true } array)
            return reader.ReadCount() == 0 ? list : throw NoFit();
        var items = new Dictionary<ElementId, Value>();
        foreach (var node in list.Order())
        {
            var element = node.Element;
            if (ReferenceEquals(element.Place, node) && element.RemovedAt is null && !unseen.Contains(element.Id))
                items.Add(element.Id, items.Count < array.Items.Count ? array.Items[items.Count] : throw NoFit());
        }
        for (var count = reader.ReadCount(); count > 0; count--)
        {
            var element = list.Find(reader.ReadElement()) ?? throw NoFit();
            if (!items.Remove(element.Id, out var item))
                throw NoFit();
            ReadSlot(ref reader, element.Slot, item, StampOf(element.Id, assigned), depth + 1);
        }
        foreach (var (id, item) in items)
            list.Find(id)!.Slot = new Slot(StampOf(id, assigned), item);
        return list;
    }

    private static RevisionStamp StampOf(ElementId id, RevisionStamp assigned) => id.Stamp == default ? assigned : id.Stamp;

    private static InvalidDataException NoFit() => new("merge metadata does not fit its document");
}
