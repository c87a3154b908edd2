namespace GeoFabric.Query.Search;

/// <summary>Documents in a list; each scores the same.</summary>
internal sealed class ListIterator(uint[] documents, double score) : SearchIterator
{
    private int _next;

    public override double Best => score;

    public override long Cost => documents.Length;

    public override uint MoveTo(uint document)
    {
        if (Document >= document && Document != 0)
            return Document;
        var place = Array.BinarySearch(documents, _next, documents.Length - _next, document);
        _next = place < 0 ? ~place : place;
        return Document = _next < documents.Length ? documents[_next] : End;
    }

    public override double Score(int function) => score;

    public override void Dispose()
    {
        // Holds nothing.
    }
}
