namespace GeoFabric.Query.Search;

/// <summary>No documents.</summary>
internal sealed class EmptyIterator : SearchIterator
{
    public override double Best => 0;

    public override long Cost => 0;

    public override uint MoveTo(uint document) => Document = End;

    public override double Score(int function) => 0;

    public override void Dispose()
    {
        // Holds nothing.
    }
}
