using GeoFabric.Database.Inverted;

namespace GeoFabric.Query.Search;

/// <summary>All documents of the source.</summary>
internal sealed class AllIterator(NumberCursor numbers) : SearchIterator
{
    public override double Best => 0;

    public override uint MoveTo(uint document)
    {
        if (Document >= document && Document != 0)
            return Document;
        if (Document + 1 == document)
            numbers.MoveNext();
        else
            numbers.MoveTo(document);
        return Document = numbers.Document;
    }

    public override double Score(int function) => 0;

    public override void Dispose() => numbers.Dispose();
}
