using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Geo;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins.Geo;

/// <summary>
/// Documents that a geo index has in and near a cap, each once, in no order; then, cap after cap of the same centre, those that the larger one has
/// besides. All that are inside come; some from around it come too.
/// </summary>
internal sealed class GeoIndexWalk(EvaluationContext context, CollectionDefinition collection, IndexDefinition index) : IDisposable
{
    /// <summary>
    /// The least metres of a radian of latitude and longitude on any of the ellipsoids: a place that many radians away is at least that many times
    /// this away. On WGS 84 it is the meridian at the equator.
    /// </summary>
    public const double MetresPerRadianMin = 6_335_000;

    /// <summary>Ranges of the index to walk for one cap. More fit it better, and each costs a seek.</summary>
    private const int CellsMax = 32;

    private const int StepsBetweenChecks = 4096;

    private readonly List<IndexRange> _ranges = [];

    /// <summary>Documents of several entries that have been handed out.</summary>
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    private bool? _hasShapes;
    private GeoCap _cap;
    private GeoCap? _done;
    private IDocumentCursor? _cursor;
    private int _next;
    private int _steps;

    /// <summary>What has been counted as the query's memory.</summary>
    public long ReservedBytes { get; private set; }

    /// <summary>Ranges of the index that a cursor was opened on.</summary>
    public int CursorsOpened { get; private set; }

    public Value Document => _cursor!.Document;

    /// <summary>Begins with a cap.</summary>
    /// <param name="includesUnplaced">Whether documents without a place come too, before the others.</param>
    public void Start(GeoCap cap, bool includesUnplaced)
    {
        if (includesUnplaced)
            _ranges.Add(new IndexRange([Value.Null]));
        Add(cap);
    }

    /// <summary>Goes on with a larger cap, once <see cref="MoveNext"/> has returned false.</summary>
    public void Grow(GeoCap cap)
    {
        _done = _cap;
        _ranges.Clear();
        _next = 0;
        Add(cap);
    }

    public bool MoveNext()
    {
        while (true)
        {
            if (_cursor is null)
            {
                if (_next == _ranges.Count)
                    return false;
                _cursor = context.Reader.ScanIndex(collection, index, _ranges[_next++]);
                CursorsOpened++;
            }
            if (!_cursor.MoveNext())
            {
                _cursor.Dispose();
                _cursor = null;
                continue;
            }
            if (++_steps % StepsBetweenChecks == 0)
                context.ThrowIfStopped();
            if (!_cursor.TryGetField(0, out var field) || !field.IsInteger || IsNew(field.Integer))
                return true;
        }
    }

    /// <summary>How large a cap around a place is in which so many entries are to be expected, from how many there are in the cells around it.</summary>
    public double AngleFor(UnitVector place, long entries)
    {
        var smallest = GeoCell.Of(place);
        var (low, high) = (0, GeoCell.LevelMax);
        while (low < high)
        {
            var level = (low + high + 1) / 2;
            if (Holds(smallest.Ancestor(level), entries))
                low = level;
            else
                high = level - 1;
        }
        return GeoCell.AngleOf(low);
    }

    public void Dispose() => _cursor?.Dispose();

    private bool Holds(GeoCell cell, long entries)
    {
        entries -= Count(Inside(cell.First, cell.Last), entries);
        if (entries > 0 && HasShapes())
            entries -= Count(Inside(-cell.Last, -cell.First), entries);
        return entries == 0;
    }

    private long Count(IndexRange range, long most)
    {
        using var cursor = context.Reader.ScanIndex(collection, index, range);
        long count = 0;
        while (count < most && cursor.MoveNext())
            count++;
        return count;
    }

    /// <summary>Whether any document is more than a point.</summary>
    private bool HasShapes() => _hasShapes ??= Count(Inside(long.MinValue, -1), 1) > 0;

    private bool IsNew(long entry)
    {
        var cell = new GeoCell(Math.Abs(entry));
        if (!_cap.Meets(cell.Cap) || _done?.Meets(cell.Cap) == true)
            return false;
        // Points have one entry only.
        if (entry > 0)
            return true;
        var key = Encoding.UTF8.GetString(_cursor!.DocumentKey);
        if (!_seen.Add(key))
            return false;
        var bytes = 64 + (2 * key.Length);
        context.ReserveMemory(bytes);
        ReservedBytes += bytes;
        return true;
    }

    /// <summary>Entries of cells inside of the covering ones; for shapes also of those around them.</summary>
    private void Add(GeoCap cap)
    {
        _cap = cap;
        var cells = GeoCovering.Of(cap, CellsMax);
        var first = cells[0].First;
        for (var i = 0; i < cells.Count; i++)
        {
            // Cells side by side are one range.
            if (i + 1 < cells.Count && cells[i + 1].First - cells[i].Last <= 2)
                continue;
            _ranges.Add(Inside(first, cells[i].Last));
            if (HasShapes())
                _ranges.Add(Inside(-cells[i].Last, -first));
            if (i + 1 < cells.Count)
                first = cells[i + 1].First;
        }
        if (!HasShapes())
            return;
        foreach (var around in cells.SelectMany(cell => Enumerable.Range(0, cell.Level).Select(cell.Ancestor)).Distinct())
            _ranges.Add(new IndexRange([Value.FromInteger(-around.Id)]));
    }

    private static IndexRange Inside(long first, long last) =>
        new([], new IndexBound(Value.FromInteger(first), IsInclusive: true), new IndexBound(Value.FromInteger(last), IsInclusive: true));
}
