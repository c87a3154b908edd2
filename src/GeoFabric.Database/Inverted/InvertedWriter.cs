using System.Buffers.Binary;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Inverted;

/// <summary>Moves the postings of documents from their old to their new state, and keeps the numbers of documents and terms. Belongs to the writer and is reused.</summary>
/// <remarks>
/// A document has a number as long as it exists. New numbers are greater than all before, so the postings of new documents go behind the last ones of
/// their terms, which costs one read and one write for each term; anything else is found by the bounds of the blocks.
/// </remarks>
internal sealed class InvertedWriter
{
    private readonly PostingList _old = new();
    private readonly PostingList _new = new();
    private readonly InvertedScratch _scratch = new();
    private readonly BlockChanger _blocks = new();

    /// <summary>Collected bytes after which documents that are filled in are written.</summary>
    private const long FillBytesMax = 32 << 20;

    /// <summary>Brings an index from a document's old to its new state, either of which may be null.</summary>
    public void Replace(IWriteTransaction storage, InvertedIndex index, ReadOnlySpan<byte> encodedKey, Value old, Value @new)
    {
        var documentKey = InvertedKeys.Document(index.Prefix, encodedKey);
        var isKnown = storage.TryGet(documentKey, out var stored);
        var number = isKnown ? BinaryPrimitives.ReadUInt32BigEndian(stored) : 0;
        if (@new.IsNull)
        {
            // While the index is being filled, its turn may not have come.
            if (isKnown)
                Remove(storage, index, documentKey, number, old);
            return;
        }
        var totals = new IndexTotals(storage, index.Prefix);
        Collect(_new, index, @new, 0);
        if (!isKnown)
        {
            number = totals.TakeNumber();
            storage.Put(documentKey, Encode(number));
            storage.Put(InvertedKeys.Number(index.Prefix, number), encodedKey);
            _new.Renumber(number);
            totals.Documents++;
            CountFields(storage, index, _new, 1);
            foreach (var posting in _new.Postings)
                _blocks.Append(storage, index.Prefix, _new, posting);
            totals.Store(storage, index.Prefix);
            Keep(storage, index, number, @new);
            return;
        }
        _new.Renumber(number);
        Collect(_old, index, old, number);
        CountFields(storage, index, _old, -1);
        CountFields(storage, index, _new, 1);
        Change(storage, index, number);
        Keep(storage, index, number, @new);
    }

    /// <summary>Begins to fill documents in.</summary>
    public void BeginFill() => _new.Clear();

    /// <summary>Adds a stored document that has no number yet to an index that is being filled. What is collected is written by <see cref="EndFill"/>.</summary>
    public void Fill(IWriteTransaction storage, InvertedIndex index, ReadOnlySpan<byte> encodedKey, Value document)
    {
        var documentKey = InvertedKeys.Document(index.Prefix, encodedKey);
        if (storage.TryGet(documentKey, out _))
            return;
        var totals = new IndexTotals(storage, index.Prefix);
        var number = totals.TakeNumber();
        totals.Documents++;
        storage.Put(documentKey, Encode(number));
        storage.Put(InvertedKeys.Number(index.Prefix, number), encodedKey);
        totals.Store(storage, index.Prefix);
        Keep(storage, index, number, document);
        _new.BeginDocument();
        index.Collect(document, _new, _scratch);
        _new.EndDocument(number);
        CountFields(storage, index, _new, 1);
        if (_new.Bytes > FillBytesMax)
        {
            EndFill(storage, index);
            BeginFill();
        }
    }

    /// <summary>Writes what was collected, term by term.</summary>
    public void EndFill(IWriteTransaction storage, InvertedIndex index)
    {
        _new.Sort();
        _blocks.AppendAll(storage, index.Prefix, _new);
    }

    private void Remove(IWriteTransaction storage, InvertedIndex index, byte[] documentKey, uint number, Value old)
    {
        Collect(_old, index, old, number);
        _new.Clear();
        CountFields(storage, index, _old, -1);
        Change(storage, index, number);
        storage.Delete(documentKey);
        storage.Delete(InvertedKeys.Number(index.Prefix, number));
        if (index.StoresValues)
            storage.Delete(InvertedKeys.Stored(index.Prefix, number));
        var totals = new IndexTotals(storage, index.Prefix);
        totals.Documents--;
        totals.Store(storage, index.Prefix);
    }

    private static void Keep(IWriteTransaction storage, InvertedIndex index, uint number, Value document)
    {
        if (!index.StoresValues)
            return;
        var key = InvertedKeys.Stored(index.Prefix, number);
        storage.Put(key, index.WriteStored(key, document));
    }

    private void Collect(PostingList into, InvertedIndex index, Value document, uint number)
    {
        into.Clear();
        index.Collect(document, into, _scratch);
        into.EndDocument(number);
    }

    /// <summary>Both lists are in the order of their terms: what only one has, or what differs, is changed.</summary>
    private void Change(IWriteTransaction storage, InvertedIndex index, uint number)
    {
        _blocks.Begin(storage, index.Prefix);
        int i = 0, j = 0;
        while (i < _old.Count || j < _new.Count)
        {
            var order = i == _old.Count ? 1 : j == _new.Count ? -1 : _old[_old.Postings[i].Key].SequenceCompareTo(_new[_new.Postings[j].Key]);
            if (order < 0)
            {
                _blocks.Remove(_old[_old.Postings[i].Key], number);
                i++;
            }
            else if (order > 0)
            {
                _blocks.Set(_new, _new.Postings[j]);
                j++;
            }
            else
            {
                var (before, after) = (_old.Postings[i++], _new.Postings[j++]);
                if (before.Frequency != after.Frequency || before.Length != after.Length || !_old[before.Positions].SequenceEqual(_new[after.Positions]))
                    _blocks.Set(_new, after);
            }
        }
        _blocks.End(storage);
    }

    private static void CountFields(IWriteTransaction storage, InvertedIndex index, PostingList postings, int change)
    {
        Span<long> values = stackalloc long[2];
        Span<byte> record = stackalloc byte[CounterRecord.SizeOf(2)];
        foreach (var field in postings.Fields)
        {
            if (field.Terms == 0)
                continue;
            byte[] key = [.. index.Prefix, (byte)InvertedKeyKind.Field, .. postings[field.Name]];
            storage.TryGet(key, out var stored);
            CounterRecord.Read(stored, values);
            values[0] += change;
            values[1] += (long)change * field.Terms;
            if (values[0] == 0)
            {
                storage.Delete(key);
                continue;
            }
            CounterRecord.Write(record, values);
            storage.Put(key, record);
        }
    }

    private static byte[] Encode(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    /// <summary>How many documents an index has, and the last number given; the first is 1.</summary>
    private struct IndexTotals
    {
        private long _last;

        public IndexTotals(IStorageReader storage, ReadOnlySpan<byte> prefix)
        {
            Span<long> values = stackalloc long[2];
            storage.TryGet(InvertedKeys.Kind(prefix, InvertedKeyKind.Statistics), out var record);
            CounterRecord.Read(record, values);
            Documents = values[0];
            _last = values[1];
        }

        public long Documents { get; set; }

        public uint TakeNumber()
        {
            if (_last >= InvertedKeys.LastBound - 1)
                throw ErrorCodes.ResourceLimit.With("a search index has given all of its 4 billion document numbers; drop it and create it again");
            return (uint)++_last;
        }

        public readonly void Store(IWriteTransaction storage, ReadOnlySpan<byte> prefix)
        {
            Span<byte> record = stackalloc byte[CounterRecord.SizeOf(2)];
            CounterRecord.Write(record, [Documents, _last]);
            storage.Put(InvertedKeys.Kind(prefix, InvertedKeyKind.Statistics), record);
        }
    }
}
