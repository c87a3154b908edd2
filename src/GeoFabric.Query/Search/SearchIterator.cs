using GeoFabric.Database.Inverted;

namespace GeoFabric.Query.Search;

/// <summary>Walks the documents of one source that a condition holds for, by number.</summary>
internal abstract class SearchIterator : IDisposable
{
    /// <summary>Behind the last document.</summary>
    public const uint End = PostingCursor.End;

    /// <summary>The present document; 0 before the first, <see cref="End"/> behind the last.</summary>
    public uint Document { get; protected set; }

    /// <summary>Moves to the first document whose number is at least <paramref name="document"/>. Never goes back.</summary>
    /// <returns>Its number, or <see cref="End"/>.</returns>
    public abstract uint MoveTo(uint document);

    /// <summary>About how many documents there are; the fewest are asked first.</summary>
    public virtual long Cost => long.MaxValue;

    /// <summary>What the present document scores by one of the source's functions.</summary>
    public abstract double Score(int function);

    /// <summary>No document scores more than this by the first function.</summary>
    public virtual double Best => double.PositiveInfinity;

    /// <summary>No document from the one given up to <paramref name="last"/> scores more than this by the first function.</summary>
    public virtual double Bound(uint document, out uint last)
    {
        last = End;
        return Best;
    }

    /// <summary>
    /// Moves like <see cref="MoveTo"/>, but may leave out documents that score no more than <paramref name="floor"/> by the first function.
    /// </summary>
    public virtual uint MoveToBetter(uint document, double floor) => MoveTo(document);

    public abstract void Dispose();
}
