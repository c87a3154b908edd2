using System.Runtime.CompilerServices;

namespace GeoFabric.Database.Reading;

/// <summary>Documents that one reader has read and not told of yet, for the few collections it goes between. For one thread.</summary>
internal struct ReadTally(FabricTraffic traffic)
{
    /// <summary>A long scan shows while it runs.</summary>
    public const uint ToldAt = 1024;

    private const int CollectionsHeld = 4;

    private Rows _rows;
    private int _next;

    public void Add(uint contentsId, uint documents)
    {
        for (var i = 0; i < CollectionsHeld; i++)
        {
            ref var row = ref _rows[i];
            if (row.ContentsId != contentsId)
                continue;
            row.Documents += documents;
            if (row.Documents >= ToldAt)
                Tell(ref row);
            return;
        }
        // One after the other makes place for whoever comes.
        ref var taken = ref _rows[_next++ % CollectionsHeld];
        Tell(ref taken);
        taken = new Row { ContentsId = contentsId, Documents = documents };
    }

    public void TellAll()
    {
        for (var i = 0; i < CollectionsHeld; i++)
            Tell(ref _rows[i]);
    }

    private readonly void Tell(ref Row row)
    {
        if (row.Documents > 0)
            traffic.AddReads(row.ContentsId, row.Documents);
        row.Documents = 0;
    }

    private struct Row
    {
        public uint ContentsId;
        public uint Documents;
    }

    [InlineArray(CollectionsHeld)]
    private struct Rows
    {
        private Row _first;
    }
}
