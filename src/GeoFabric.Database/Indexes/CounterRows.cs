using System.Runtime.InteropServices;
using GeoFabric.Database.Layout;
using GeoFabric.Storage;

namespace GeoFabric.Database.Indexes;

/// <summary>What one transaction adds to the counters of collections and indexes; applied once, at its end. Reused by the writer.</summary>
internal sealed class CounterRows
{
    private readonly List<Row> _rows = [];

    public void Clear() => _rows.Clear();

    public Row[] Save() => [.. _rows];

    public void Restore(Row[] rows)
    {
        _rows.Clear();
        _rows.AddRange(rows);
    }

    /// <summary>The row of an index, or, with index 0, of the collection itself. The reference dies with the next call.</summary>
    public ref Row RowOf(uint contentsId, uint indexId)
    {
        var rows = CollectionsMarshal.AsSpan(_rows);
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].ContentsId == contentsId && rows[i].IndexId == indexId)
                return ref rows[i];
        }
        _rows.Add(new Row { ContentsId = contentsId, IndexId = indexId });
        return ref CollectionsMarshal.AsSpan(_rows)[^1];
    }

    public long DocumentsOf(uint contentsId)
    {
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(_rows))
        {
            if (row.ContentsId == contentsId && row.IndexId == 0)
                return row.First;
        }
        return 0;
    }

    /// <summary>Until the next call of another member.</summary>
    public ReadOnlySpan<Row> Rows => CollectionsMarshal.AsSpan(_rows);

    public void Apply(IWriteTransaction storage)
    {
        Span<byte> record = stackalloc byte[CounterRecord.SizeOf(IndexCounter.Size)];
        Span<long> values = stackalloc long[IndexCounter.Size];
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(_rows))
        {
            var count = row.IndexId == 0 ? CollectionCounter.Size : IndexCounter.Size;
            var key = row.IndexId == 0 ? KeyLayout.CollectionCounterKey(row.ContentsId) : KeyLayout.IndexCounterKey(row.ContentsId, row.IndexId);
            storage.TryGet(key, out var stored);
            CounterRecord.Read(stored, values[..count]);
            values[0] += row.First;
            values[1] += row.Second;
            if (row.IndexId != 0)
            {
                values[IndexCounter.SampledDistinct] += row.Third;
                values[IndexCounter.Truncated] += row.Fourth;
            }
            CounterRecord.Write(record, values[..count]);
            storage.Put(key, record[..CounterRecord.SizeOf(count)]);
        }
    }

    /// <summary>Additions in the order of the stored counters: documents and bytes, or entries, sampled entries, sampled distinct and truncated.</summary>
    public struct Row
    {
        public uint ContentsId;
        public uint IndexId;
        public long First;
        public long Second;
        public long Third;
        public long Fourth;

        /// <summary>Of a collection: how many documents were written. Not stored.</summary>
        public uint Written;
    }
}
