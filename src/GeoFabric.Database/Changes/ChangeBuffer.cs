using System.Buffers;
using System.Buffers.Binary;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Database.Changes;

/// <summary>Collects the operations of one transaction and cuts them into change records. Reused by the writer.</summary>
internal sealed class ChangeBuffer
{
    private readonly ArrayBufferWriter<byte> _record = new(4096);
    private readonly List<(uint CollectionId, int End)> _operations = [];
    private byte[] _bytes = new byte[4096];
    private int _length;

    public int Count => _operations.Count;

    public long Bytes => _length;

    public void Clear()
    {
        // One huge transaction must not keep its memory for ever.
        if (_bytes.Length > 4 << 20)
            _bytes = new byte[4096];
        _operations.Clear();
        _length = 0;
    }

    /// <summary>Forgets all operations after the first <paramref name="count"/>.</summary>
    public void Truncate(int count)
    {
        _operations.RemoveRange(count, _operations.Count - count);
        _length = count == 0 ? 0 : _operations[count - 1].End;
    }

    public void Add(uint collectionId, ReadOnlySpan<byte> key, ChangeKind kind, ReadOnlySpan<byte> payload)
    {
        var needed = checked(_length + key.Length + payload.Length + (3 * VarInt.SizeMax));
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max(needed, 2L * _bytes.Length), Array.MaxLength));
        var target = _bytes.AsSpan();
        var at = _length;
        at += VarInt.Write(target[at..], (ulong)key.Length);
        key.CopyTo(target[at..]);
        at += key.Length;
        target[at++] = 1;
        target[at++] = (byte)kind;
        target[at++] = 0;
        at += VarInt.Write(target[at..], (ulong)payload.Length);
        payload.CopyTo(target[at..]);
        _length = at + payload.Length;
        _operations.Add((collectionId, _length));
    }

    /// <summary>Builds the record that starts at operation <paramref name="from"/> and moves <paramref name="from"/> behind its last one.</summary>
    /// <returns>The record; valid until the next call.</returns>
    public ReadOnlySpan<byte> BuildRecord(ref int from, ChangeOrigin origin, ulong sequence, HybridTimestamp timestamp, int sizeMax = ChangeRecord.SizeMax)
    {
        var start = from == 0 ? 0 : _operations[from - 1].End;
        var to = from + 1;
        while (to < _operations.Count && _operations[to].End - start <= sizeMax)
            to++;
        _record.ResetWrittenCount();
        WriteHeader(origin, sequence, timestamp, to < _operations.Count ? ChangeFlags.MoreFollows : ChangeFlags.None);
        WriteOperations(from, to, start);
        from = to;
        var record = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_record.WrittenMemory).Span;
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Crc32C.Compute(record[ChangeRecord.ChecksummedFrom..]));
        return record;
    }

    private void WriteHeader(ChangeOrigin origin, ulong sequence, HybridTimestamp timestamp, ChangeFlags flags)
    {
        var header = _record.GetSpan(ChangeRecord.ChecksummedFrom + 5);
        header[ChangeRecord.ChecksummedFrom] = ChangeRecord.Version;
        header[ChangeRecord.ChecksummedFrom + 1] = (byte)flags;
        BinaryPrimitives.WriteUInt16LittleEndian(header[(ChangeRecord.ChecksummedFrom + 2)..], origin.Region);
        header[ChangeRecord.ChecksummedFrom + 4] = origin.Incarnation;
        _record.Advance(ChangeRecord.ChecksummedFrom + 5);
        VarInt.Write(_record, sequence);
        VarInt.Write(_record, sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(_record.GetSpan(8), timestamp.Bits);
        _record.Advance(8);
        // Stable distance, epoch, dependency mode and count: a region alone is stable up to its own last timestamp and waits for nobody.
        _record.GetSpan(4)[..4].Clear();
        _record.Advance(4);
    }

    private void WriteOperations(int from, int to, int start)
    {
        var runs = 1;
        for (var i = from + 1; i < to; i++)
        {
            if (_operations[i].CollectionId != _operations[i - 1].CollectionId)
                runs++;
        }
        VarInt.Write(_record, (ulong)runs);
        while (from < to)
        {
            var collection = _operations[from].CollectionId;
            var end = from + 1;
            while (end < to && _operations[end].CollectionId == collection)
                end++;
            VarInt.Write(_record, collection);
            VarInt.Write(_record, 0);
            VarInt.Write(_record, (ulong)(end - from));
            _record.Write(_bytes.AsSpan(start, _operations[end - 1].End - start));
            start = _operations[end - 1].End;
            from = end;
        }
    }
}
