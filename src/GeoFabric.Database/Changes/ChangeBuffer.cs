using System.Buffers;
using System.Buffers.Binary;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Database.Changes;

/// <summary>Collects the operations of one transaction and cuts them into change records. Reused by the writer.</summary>
/// <param name="leavesOutLocal">
/// Operations that stay in this region are not logged: applying other regions' records writes such, also while nothing may be written that others have
/// to get.
/// </param>
internal sealed class ChangeBuffer(bool leavesOutLocal = false)
{
    private readonly ArrayBufferWriter<byte> _record = new(4096);
    private readonly List<(ulong WireId, ChangeScope Scope, int End)> _operations = [];
    private byte[] _bytes = new byte[4096];
    private int _length;
    private long _leftOut;

    public int Count => _operations.Count;

    /// <summary>Bytes of all operations, those left out as well.</summary>
    public long Bytes => _length + _leftOut;

    /// <summary>Whether anything was left out since the last <see cref="Clear"/>.</summary>
    public bool HasLeftOut => _leftOut > 0;

    public void Clear()
    {
        // One huge transaction must not keep its memory for ever.
        if (_bytes.Length > 4 << 20)
            _bytes = new byte[4096];
        _operations.Clear();
        _length = 0;
        _leftOut = 0;
    }

    /// <summary>Forgets all operations after the first <paramref name="count"/>.</summary>
    public void Truncate(int count)
    {
        _operations.RemoveRange(count, _operations.Count - count);
        _length = count == 0 ? 0 : _operations[count - 1].End;
    }

    /// <summary>Adds one operation on a whole document, or on the fabric when it has no key.</summary>
    public void Add(ulong wireId, ChangeScope scope, ReadOnlySpan<byte> key, ChangeKind kind, ReadOnlySpan<byte> payload)
    {
        if (leavesOutLocal && scope == ChangeScope.Local)
        {
            _leftOut += 1 + key.Length + payload.Length;
            return;
        }
        BeginDocument(key, 1, payload.Length);
        Append(kind, [], payload);
        _operations.Add((wireId, scope, _length));
    }

    /// <summary>Adds all operations on one document.</summary>
    public void Add(ulong wireId, ChangeScope scope, ReadOnlySpan<byte> key, List<DocumentOperation> operations)
    {
        BeginDocument(key, operations.Count, operations.Sum(operation => operation.Path.Length + operation.Payload.Length + 1 + (2 * VarInt.SizeMax)));
        foreach (var operation in operations)
            Append(operation.Kind, operation.Path, operation.Payload);
        _operations.Add((wireId, scope, _length));
    }

    private void BeginDocument(ReadOnlySpan<byte> key, int operations, int payloadBytes)
    {
        var needed = checked(_length + key.Length + payloadBytes + (5 * VarInt.SizeMax));
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max(needed, 2L * _bytes.Length), Array.MaxLength));
        _length += VarInt.Write(_bytes.AsSpan(_length), (ulong)key.Length);
        key.CopyTo(_bytes.AsSpan(_length));
        _length += key.Length;
        _length += VarInt.Write(_bytes.AsSpan(_length), (ulong)operations);
    }

    private void Append(ChangeKind kind, ReadOnlySpan<byte> path, ReadOnlySpan<byte> payload)
    {
        _bytes[_length++] = (byte)kind;
        AppendBytes(path);
        AppendBytes(payload);
    }

    private void AppendBytes(ReadOnlySpan<byte> bytes)
    {
        _length += VarInt.Write(_bytes.AsSpan(_length), (ulong)bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>The one document that has been changed.</summary>
    /// <returns>False when it is none or several.</returns>
    public bool TryGetOnlyDocument(out ulong wireId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? key)
    {
        (wireId, key) = (0, null);
        var offset = 0;
        if (_operations.Count != 1 || _operations[0].WireId == 0 || VarInt.Read(_bytes, ref offset) is not (> 0 and var length))
            return false;
        (wireId, key) = (_operations[0].WireId, System.Text.Encoding.UTF8.GetString(_bytes, offset, (int)length));
        return true;
    }

    /// <summary>Builds the record that starts at operation <paramref name="from"/> and moves <paramref name="from"/> behind its last one.</summary>
    /// <returns>The record; valid until the next call.</returns>
    public ReadOnlySpan<byte> BuildRecord(
        ref int from, ChangeOrigin origin, ulong sequence, HybridTimestamp timestamp, IReadOnlyList<ChangeDependency> dependencies, UInt128 requestId,
        int sizeMax = ChangeRecord.SizeMax)
    {
        var start = from == 0 ? 0 : _operations[from - 1].End;
        var to = from + 1;
        while (to < _operations.Count && _operations[to].End - start <= sizeMax)
            to++;
        _record.ResetWrittenCount();
        var flags = to < _operations.Count ? ChangeFlags.MoreFollows : ChangeFlags.None;
        WriteHeader(origin, sequence, timestamp, requestId == 0 ? flags : flags | ChangeFlags.HasRequestId);
        WriteDependencies(timestamp, dependencies);
        if (requestId != 0)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(_record.GetSpan(16), requestId);
            _record.Advance(16);
        }
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
        // Stable distance, epoch and dependency mode are 0: receivers know them from their peers.
        _record.GetSpan(3)[..3].Clear();
        _record.Advance(3);
    }

    private void WriteDependencies(HybridTimestamp timestamp, IReadOnlyList<ChangeDependency> dependencies)
    {
        VarInt.Write(_record, (ulong)dependencies.Count);
        foreach (var dependency in dependencies)
        {
            VarInt.Write(_record, dependency.Region);
            VarInt.Write(_record, timestamp.Bits - dependency.Timestamp.Bits);
        }
    }

    private void WriteOperations(int from, int to, int start)
    {
        var runs = 1;
        for (var i = from + 1; i < to; i++)
        {
            if (_operations[i].WireId != _operations[i - 1].WireId)
                runs++;
        }
        VarInt.Write(_record, (ulong)runs);
        while (from < to)
        {
            var collection = _operations[from].WireId;
            var end = from + 1;
            while (end < to && _operations[end].WireId == collection)
                end++;
            VarInt.Write(_record, collection);
            VarInt.Write(_record, _operations[from].Scope.Number);
            VarInt.Write(_record, (ulong)(end - from));
            _record.Write(_bytes.AsSpan(start, _operations[end - 1].End - start));
            start = _operations[end - 1].End;
            from = end;
        }
    }
}
