using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>The operations as their documentation states them, written as plainly as possible.</summary>
internal static class ReferenceOperations
{
    /// <returns>Null when the operation does not fit the value.</returns>
    public static Value? Apply(AttributeOperation operation, Value value)
    {
        switch (operation.Kind)
        {
            case AttributeOperationKind.Increment:
                return value.IsNumber || value.IsNull ? Arithmetic.Add(value, operation.Operand) : null;
            case AttributeOperationKind.Maximum:
                return value.IsNull || ValueComparer.Compare(operation.Operand, value) > 0 ? operation.Operand : value;
            case AttributeOperationKind.Minimum:
                return value.IsNull || ValueComparer.Compare(operation.Operand, value) < 0 ? operation.Operand : value;
            case AttributeOperationKind.SetAdd or AttributeOperationKind.SetRemove when value.IsArray && Items(value).Distinct().Count() < value.Items.Count:
                return null;
            default:
                return value.IsArray ? Value.FromList(Edit(operation, Items(value))) : null;
        }
    }

    private static List<Value> Edit(AttributeOperation operation, List<Value> items)
    {
        var operands = operation.Operand.IsArray ? Items(operation.Operand) : [];
        var position = operation.Operand.IsNumber ? (int)operation.Operand.Integer : 0;
        switch (operation.Kind)
        {
            case AttributeOperationKind.Append:
                items.AddRange(operands);
                break;
            case AttributeOperationKind.Prepend:
                items.InsertRange(0, operands);
                break;
            case AttributeOperationKind.InsertAt:
                items.Insert(position, operation.Second);
                break;
            case AttributeOperationKind.RemoveFirst:
                return [.. items.Skip(1)];
            case AttributeOperationKind.RemoveLast:
                return [.. items.SkipLast(1)];
            case AttributeOperationKind.RemoveAt:
                items.RemoveAt(position);
                break;
            case AttributeOperationKind.RemoveValues:
                var left = operation.Second.IsNull ? long.MaxValue : operation.Second.Integer;
                return [.. items.Where(item => !(operands.Contains(item) && left-- > 0))];
            case AttributeOperationKind.Move:
                var moved = items[position];
                items.RemoveAt(position);
                items.Insert((int)operation.Second.Integer, moved);
                break;
            case AttributeOperationKind.ReplaceAt:
                items[position] = operation.Second;
                break;
            case AttributeOperationKind.SetAdd:
                items.AddRange(operands.Distinct().Where(item => !items.Contains(item)));
                break;
            default:
                return [.. items.Where(item => !operands.Contains(item))];
        }
        return items;
    }

    private static List<Value> Items(Value array)
    {
        var items = new List<Value>();
        foreach (var item in array.Items)
            items.Add(item);
        return items;
    }
}
