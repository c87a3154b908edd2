using System.Globalization;
using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Jobs;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.ImportExport;

/// <summary>Stores many documents in one transaction; documents that cannot be stored are counted and described, the others stand.</summary>
internal static class DocumentImport
{
    private const int JobNameLengthMax = 100;

    /// <summary>Body <c>{data: [...], details, primaryKey, replace}</c>.</summary>
    public static async Task ImportDataAsync(ApiRequest request)
    {
        using var part = BeginPart(request, request.Path("collection"), out var job);
        var body = RequestFields.Of(await RequestBody.ReadJsonAsync(request.Http));
        var keyAttribute = body.Text("primaryKey"u8) is { Length: > 0 } name && name != "_key" ? Encoding.UTF8.GetBytes(name) : null;
        var mode = body.Boolean("replace"u8, false) ? OverwriteMode.Replace : OverwriteMode.Conflict;
        var documents = body.Items("data"u8).Select((document, row) => new ImportRow(row, WithKey(document, keyAttribute))).ToList();
        var outcome = await StoreAsync(request, request.Path("collection"), documents, mode);
        job.Advance(documents.Count);
        var result = ObjectValue.Of(
            ("created", Value.FromInteger(outcome.Created + outcome.Updated)),
            ("errors", Value.FromInteger(outcome.Failures.Count)),
            ("unprocessed", Value.FromInteger(0)));
        if (body.Boolean("details"u8, false))
            result = ObjectValue.With(result, ObjectValue.Of(("details", ObjectValue.Of(("errors", ObjectValue.List(outcome.Failures)), ("unprocessed", Value.EmptyArray)))));
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", result));
    }

    /// <summary>Body of JSON objects, one a line, or one array of them; the collection is a query parameter.</summary>
    public static async Task ImportLinesAsync(ApiRequest request)
    {
        var collection = request.RequiredText("collection");
        var mode = request.Text("onDuplicate") switch
        {
            null or "error" => OverwriteMode.Conflict,
            "update" => OverwriteMode.Update,
            "replace" => OverwriteMode.Replace,
            "ignore" => OverwriteMode.Ignore,
            var other => throw ErrorCodes.BadParameter.With($"onDuplicate '{other}'; it is error, update, replace or ignore"),
        };
        var type = request.Text("type") ?? "auto";
        if (type is not ("auto" or "documents" or "list" or "array"))
            throw ErrorCodes.BadParameter.With($"type '{type}'; it is auto, documents or list");
        using var part = BeginPart(request, collection, out var job);
        var (documents, malformed, empty) = Split((await RequestBody.ReadBytesAsync(request.Http)).Span, type);
        if (request.Flag("overwrite"))
            await request.Fabric.TruncateAsync(request.Scope, collection, request.Aborted);
        var outcome = await StoreAsync(request, collection, documents, mode);
        job.Advance(documents.Count);
        var failures = outcome.Failures.Concat(malformed).OrderBy(failure => failure.GetAttribute("row"u8).Integer).ToList();
        var result = ObjectValue.Of(
            ("created", Value.FromInteger(outcome.Created)),
            ("errors", Value.FromInteger(failures.Count)),
            ("empty", Value.FromInteger(empty)),
            ("updated", Value.FromInteger(outcome.Updated)),
            ("ignored", Value.FromInteger(outcome.Ignored)));
        if (request.Flag("details"))
        {
            result = ObjectValue.With(result, ObjectValue.Of(
                ("details", ObjectValue.List(failures.Select(failure => failure.GetAttribute("errorMessage"u8)))),
                ("rejects", ObjectValue.List(failures.Select(failure => ObjectValue.Of(
                    ("row", failure.GetAttribute("row"u8)), ("errorNum", failure.GetAttribute("errorNumber"u8)), ("errorMessage", failure.GetAttribute("errorMessage"u8))))))));
        }
        await ResultWriter.WriteEnvelopeAsync(request.Http, 201, result);
    }

    /// <summary>An import that comes in several requests of one name is one job; a request without a name is one by itself.</summary>
    private static IDisposable BeginPart(ApiRequest request, string collectionName, out FabricJob job)
    {
        var collection = request.Fabric.Catalog.GetCollection(collectionName);
        request.Scope.DemandWrite(collection);
        if (request.Text("job") is not { } name)
            return job = request.Fabric.Jobs.Begin(JobKind.Import, collection);
        if (name.Length > JobNameLengthMax)
            throw ErrorCodes.BadParameter.With($"query parameter 'job' has {name.Length} characters; it takes {JobNameLengthMax} at most");
        double? share = request.Text("share") is not { } text ? null
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1 ? number
            : throw ErrorCodes.BadParameter.With($"query parameter 'share' is '{(text.Length > 40 ? text[..40] : text)}'; it takes a number from 0 to 1");
        return request.Fabric.Jobs.BeginImportPart(request.Scope, name, collection, share, out job);
    }

    /// <summary>The rows of a body. A line that is no JSON is a row that fails, like one that cannot be stored; an array has to be JSON as a whole.</summary>
    private static (List<ImportRow> Documents, List<Value> Malformed, int Empty) Split(ReadOnlySpan<byte> body, string type)
    {
        var documents = new List<ImportRow>();
        var malformed = new List<Value>();
        var start = body.TrimStart(" \t\r\n"u8);
        if (type is "list" or "array" || (type == "auto" && !start.IsEmpty && start[0] == (byte)'['))
        {
            var list = JsonValueReader.Parse(body);
            if (!list.IsArray)
                throw ErrorCodes.BadParameter.With("the body must be a JSON array");
            foreach (var item in list.Items)
                documents.Add(new ImportRow(documents.Count, item));
            return (documents, malformed, 0);
        }
        var (row, empty) = (0, 0);
        foreach (var range in body.Split((byte)'\n'))
        {
            var line = body[range].Trim(" \t\r"u8);
            try
            {
                if (!line.IsEmpty)
                    documents.Add(new ImportRow(row, JsonValueReader.Parse(line)));
                else if (range.End.Value < body.Length)
                    empty++;
            }
            catch (GeoFabricException error) when (error.HttpStatus < 500)
            {
                malformed.Add(Failure(row, Value.Null, error));
            }
            row++;
        }
        return (documents, malformed, empty);
    }

    private static Task<ImportOutcome> StoreAsync(ApiRequest request, string collectionName, List<ImportRow> documents, OverwriteMode mode) =>
        request.Fabric.WriteAsync(request.Scope, request.Named, transaction =>
        {
            var collection = transaction.Catalog.GetCollection(collectionName);
            request.Scope.DemandWrite(collection);
            var outcome = new ImportOutcome();
            foreach (var document in documents)
                Store(transaction, collection, document, mode, outcome);
            return outcome;
        }, request.Aborted);

    private static void Store(FabricTransaction transaction, CollectionDefinition collection, ImportRow row, OverwriteMode mode, ImportOutcome outcome)
    {
        var document = row.Document;
        try
        {
            if (!document.IsObject)
                throw ErrorCodes.DocumentTypeInvalid.With("a document must be a JSON object");
            switch (transaction.Insert(collection, document, new InsertOptions(mode)).Outcome)
            {
                case DocumentWriteOutcome.Inserted: outcome.Created++; break;
                case DocumentWriteOutcome.Ignored: outcome.Ignored++; break;
                default: outcome.Updated++; break;
            }
        }
        catch (GeoFabricException error) when (error.HttpStatus < 500)
        {
            outcome.Failures.Add(Failure(row.Number, document, error));
        }
    }

    private static Value Failure(int row, Value document, GeoFabricException error) => ObjectValue.Of(
        ("document", document), ("row", Value.FromInteger(row)), ("errorNumber", Value.FromInteger(error.ErrorNumber)), ("errorMessage", Value.FromString(error.Message)));

    /// <summary>The document with the value of another attribute as its key.</summary>
    private static Value WithKey(Value document, byte[]? keyAttribute)
    {
        if (keyAttribute is null || !document.TryGetAttribute(keyAttribute, out var key) || key.IsNull)
            return document;
        return ObjectValue.With(document, ObjectValue.Of(("_key", key.IsString ? key : Value.FromString(key.ToString()))));
    }

    /// <param name="Number">From 0, in the body; of lines, empty ones count.</param>
    private readonly record struct ImportRow(int Number, Value Document);

    private sealed class ImportOutcome
    {
        public long Created { get; set; }

        public long Updated { get; set; }

        public long Ignored { get; set; }

        public List<Value> Failures { get; } = [];
    }
}
