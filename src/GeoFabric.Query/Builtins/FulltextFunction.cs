using System.Text;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Inverted;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>
/// FULLTEXT(collection, attribute, query, limit): the documents whose attribute has the words of a query. Words are separated by commas; <c>prefix:</c> before
/// one finds all that begin so, <c>complete:</c> is the default; <c>|</c> before it means or, <c>-</c> means not, <c>+</c> or nothing means and.
/// </summary>
internal static class FulltextFunction
{
    private const int WordsMax = 64;
    private const int PollEvery = 4096;

    public static Value Find(in FunctionCall call)
    {
        var reader = call.Context.Reader;
        var collection = reader.Catalog.GetCollection(ReadText(call, 0, "the name of a collection"));
        var attribute = ReadText(call, 1, "the name of an attribute");
        var query = ReadText(call, 2, "words such as \"fox,prefix:bea\"");
        if (!(call[3].IsNull || call[3].IsNumber))
            throw call.WrongArgument(3, "a number");
        var index = collection.Indexes.FirstOrDefault(index => index.TypeName == "fulltext" && !index.IsBuilding && index.Fields[0].Text == attribute)
            ?? throw ErrorCodes.FulltextIndexMissing.With($"collection '{collection.Name}' has none on '{attribute}'");
        var limit = call[3].IsNull ? 0 : Casts.ToInteger(call[3]);
        var inverted = reader.OpenInverted(collection, index);
        var search = new Search(inverted, index, call.Context);
        SortedSet<uint>? found = null;
        foreach (var word in ReadWords(query))
            found = word.Combine(found, search.Find(word));
        var documents = new ValueListWriter(call.Context, 8);
        foreach (var number in found ?? [])
        {
            if (limit > 0 && documents.Count >= limit)
                break;
            if (inverted.TryGetDocument(number, out var document))
                documents.Add(document);
        }
        return documents.ToValue();
    }

    private static string ReadText(in FunctionCall call, int position, string expected) =>
        call[position].IsString ? call[position].Text : throw call.WrongArgument(position, expected);

    private static List<Word> ReadWords(string query)
    {
        var words = new List<Word>();
        foreach (var part in query.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (words.Count == WordsMax)
                throw ErrorCodes.BadParameter.With($"a fulltext query has at most {WordsMax} words");
            var rest = part;
            var operation = rest[0];
            if (operation is '|' or '-' or '+')
                rest = rest[1..].TrimStart();
            var colon = rest.IndexOf(':', StringComparison.Ordinal);
            var mode = colon < 0 ? "complete" : rest[..colon];
            if (mode is not ("complete" or "prefix" or "substring"))
                throw ErrorCodes.BadParameter.With($"fulltext query: '{mode}:' is none of \"complete:\", \"prefix:\", \"substring:\"");
            words.Add(new Word(operation, mode, rest[(colon + 1)..]));
        }
        return words;
    }

    private sealed record Word(char Operation, string Mode, string Text)
    {
        public SortedSet<uint> Combine(SortedSet<uint>? before, SortedSet<uint> found)
        {
            if (before is null)
                return Operation == '-' ? [] : found;
            if (Operation == '|')
                before.UnionWith(found);
            else if (Operation == '-')
                before.ExceptWith(found);
            else
                before.IntersectWith(found);
            return before;
        }
    }

    private sealed class Search(InvertedReader reader, IndexDefinition index, EvaluationContext context)
    {
        private readonly SearchPath _path = new(index.Fields[0].Segments);
        private readonly AnalyzerDefinition _analyzer = index.Search!.AllAnalyzers().First();

        public SortedSet<uint> Find(Word word)
        {
            // Brought to the form of the words of documents: as one word, whatever its length.
            var text = word.Text.ToLowerInvariant().Normalize(NormalizationForm.FormC);
            var found = new SortedSet<uint>();
            var utf8 = Encoding.UTF8.GetBytes(text);
            if (word.Mode == "complete")
                Add(utf8, found);
            else if (utf8.Length > 0)
                AddMatching(utf8, word.Mode == "prefix", found);
            return found;
        }

        private void AddMatching(byte[] part, bool isPrefix, SortedSet<uint> found)
        {
            var walked = 0;
            using var terms = reader.OpenTerms(_path, _analyzer.Name, isPrefix ? part : []);
            while (terms.MoveNext())
            {
                if (++walked % PollEvery == 0)
                    context.ThrowIfStopped();
                if (isPrefix && !terms.Term.StartsWith(part))
                    return;
                if (terms.Term.IndexOf(part) >= 0)
                    Add(terms.Term.ToArray(), found);
            }
        }

        private void Add(byte[] term, SortedSet<uint> found)
        {
            var before = found.Count;
            using var postings = reader.OpenTerm(_path, _analyzer.Name, term);
            while (postings.MoveNext())
            {
                found.Add(postings.Document);
                if (found.Count % PollEvery == 0)
                    context.ThrowIfStopped();
            }
            context.ReserveMemory(48L * (found.Count - before));
        }
    }
}
