using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Tests.Tidy;

/// <summary>The one table of error numbers is sorted, unique, used, and what docs/errors.md says.</summary>
public sealed class ErrorTableTests
{
    private static readonly IReadOnlyList<(string Name, ErrorCode Code)> Table =
        [.. typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(ErrorCode)).Select(field => (field.Name, (ErrorCode)field.GetValue(null)!))];

    [Fact]
    public void Numbers_ascend_and_none_has_a_status_twice()
    {
        Assert.Equal(Table.Select(row => row.Code.Number).Order(), Table.Select(row => row.Code.Number));
        Assert.Equal(Table.Count, Table.Select(row => (row.Code.Number, row.Code.HttpStatus)).Distinct().Count());
        Assert.All(Table, row => Assert.InRange(row.Code.HttpStatus, 400, 599));
    }

    [Fact]
    public void Every_number_is_used()
    {
        var text = string.Concat(SourceTree.Sources.Where(file => !file.Path.EndsWith("/ErrorCodes.cs", StringComparison.Ordinal)).Select(file => file.Text));

        var unused = Table.Where(row => !Regex.IsMatch(text, $@"\bErrorCodes\.{row.Name}\b")).Select(row => row.Name);

        SourceTree.AssertNone(unused);
    }

    [Fact]
    public void The_document_lists_the_table()
    {
        var text = new StringBuilder("""
            # Errors

            Every error is JSON: `{"error":true,"code":STATUS,"errorNum":NUMBER,"errorMessage":TEXT}`. The text begins with the message below and goes on with what
            was wrong, with which value, and what would be right. Failed preconditions add `_id`, `_key` and `_rev` of the document there is. Warnings of
            queries carry the same numbers. Written from the table in the source by `UPDATE_GOLDEN=1 ./geofabric test`.

            | errorNum | status | message |
            |---:|---:|---|

            """);
        foreach (var (_, code) in Table)
            text.Append($"| {code.Number} | {code.HttpStatus} | {code.Message.Replace("|", @"\|")} |\n");
        var path = Path.Combine(SourceTree.Root, "docs/errors.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, text.ToString());

        Assert.Equal(text.ToString(), File.ReadAllText(path));
    }
}
