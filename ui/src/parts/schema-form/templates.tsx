/** The frame of the form: labels, descriptions, groups, lists. All text of the schema is the server's. */
import type {
  ArrayFieldItemButtonsTemplateProps, ArrayFieldItemTemplateProps, ArrayFieldTemplateProps, FieldErrorProps, FieldTemplateProps, MultiSchemaFieldTemplateProps,
  ObjectFieldTemplateProps, TemplatesType, WrapIfAdditionalTemplateProps,
} from '@rjsf/utils';
import { ADDITIONAL_PROPERTY_FLAG, canExpand, errorId, descriptionId, getUiOptions } from '@rjsf/utils';

import { useWords } from '../../words/words';
import { Button } from '../Button';
import { ServerText } from '../ServerText';

/** The id of the form's outermost part, and the beginning of every other. */
export const ROOT = 'argument';

function FieldTemplate(props: FieldTemplateProps) {
  const words = useWords();
  const { id, label, required, displayLabel, rawDescription, hidden, children, errors, schema } = props;
  if (hidden) return <div hidden>{children}</div>;
  const Wrap = props.registry.templates.WrapIfAdditionalTemplate;
  const yesNo = schema.type === 'boolean';
  const checkbox = yesNo && (required === true || schema.default !== undefined);
  // The library shows no label for a yes or no, because it knows only boxes, which have their own.
  const shown = (displayLabel ?? false) || yesNo;
  return (
    <Wrap {...props}>
      {shown && label && !checkbox ? (
        <label htmlFor={id}><ServerText text={label} /> {required ? null : <span className="aside">{words.say('form-optional')}</span>}</label>
      ) : null}
      {children}
      {rawDescription && shown && id !== ROOT ? <span id={descriptionId(id)} className="hint"><ServerText text={rawDescription} lines /></span> : null}
      {errors}
    </Wrap>
  );
}

function WrapIfAdditionalTemplate(props: WrapIfAdditionalTemplateProps) {
  const words = useWords();
  const { id, label, schema, children, onKeyRenameBlur, onRemoveProperty } = props;
  if (id === ROOT) return <>{children}</>;
  if (!(ADDITIONAL_PROPERTY_FLAG in schema)) return <div className="field">{children}</div>;
  return (
    <div className="field extra">
      <input className="input" id={`${id}-key`} defaultValue={label} aria-label={words.say('form-key', { name: label })} onBlur={onKeyRenameBlur} />
      <div>{children}</div>
      <Button look="quiet" className="btn-small" onPress={onRemoveProperty}>{words.say('form-remove-item')}</Button>
    </div>
  );
}

function ObjectFieldTemplate({ title, description, properties, schema, uiSchema, formData, fieldPathId, onAddProperty, required }: ObjectFieldTemplateProps) {
  const words = useWords();
  if ((schema.oneOf ?? schema.anyOf) && !schema.properties && properties.length === 0) return null;
  const root = fieldPathId.path.length === 0;
  const add = canExpand(schema, uiSchema, formData as Record<string, unknown>) ? <Button className="btn-small" onPress={() => { onAddProperty(); }}>{words.say('form-add-item')}</Button> : null;
  const content = <>{properties.filter((property) => !property.hidden).map((property) => property.content)}{add}</>;
  if (root) return properties.length === 0 && !add ? <p className="soft">{words.say('tool-no-arguments')}</p> : content;
  return (
    <fieldset className="part">
      <legend><ServerText text={title} /> {required ? null : <span className="aside">{words.say('form-optional')}</span>}</legend>
      {typeof description === 'string' ? <p className="hint"><ServerText text={description} lines /></p> : null}
      {content}
    </fieldset>
  );
}

function ArrayFieldTemplate({ title, schema, items, canAdd, onAddClick, disabled, required, uiSchema }: ArrayFieldTemplateProps) {
  const words = useWords();
  const heading = getUiOptions(uiSchema).title ?? title;
  return (
    <fieldset className="part">
      <legend><ServerText text={heading} /> {required ? null : <span className="aside">{words.say('form-optional')}</span>}</legend>
      {schema.description ? <p className="hint"><ServerText text={schema.description} lines /></p> : null}
      {items}
      {canAdd ? <Button className="btn-small" aria-label={`${words.say('form-add-item')}: ${heading}`} isDisabled={disabled === true} onPress={() => { onAddClick(); }}>{words.say('form-add-item')}</Button> : null}
    </fieldset>
  );
}

function ArrayFieldItemTemplate({ children, buttonsProps, hasToolbar, registry }: ArrayFieldItemTemplateProps) {
  const Buttons = registry.templates.ArrayFieldItemButtonsTemplate;
  return <div className="item"><div className="item-field">{children}</div>{hasToolbar ? <Buttons {...buttonsProps} /> : null}</div>;
}

function ArrayFieldItemButtonsTemplate({ hasMoveUp, hasMoveDown, hasRemove, onMoveUpItem, onMoveDownItem, onRemoveItem }: ArrayFieldItemButtonsTemplateProps) {
  const words = useWords();
  return (
    <div className="item-buttons">
      {hasMoveUp ? <Button look="quiet" className="btn-small" aria-label={words.say('form-move-up')} onPress={() => { onMoveUpItem(); }}><span aria-hidden="true">↑</span></Button> : null}
      {hasMoveDown ? <Button look="quiet" className="btn-small" aria-label={words.say('form-move-down')} onPress={() => { onMoveDownItem(); }}><span aria-hidden="true">↓</span></Button> : null}
      {hasRemove ? <Button look="quiet" className="btn-small" aria-label={words.say('form-remove-item')} onPress={() => { onRemoveItem(); }}><span aria-hidden="true">×</span></Button> : null}
    </div>
  );
}

function FieldErrorTemplate({ errors, fieldPathId }: FieldErrorProps) {
  if (!errors || errors.length === 0) return null;
  return <span id={errorId(fieldPathId)} className="problem" role="alert">{errors.map((error, at) => <span key={at}>{error} </span>)}</span>;
}

function MultiSchemaFieldTemplate({ selector, optionSchemaField }: MultiSchemaFieldTemplateProps) {
  return <div className="variants">{selector}{optionSchemaField}</div>;
}

function UnsupportedFieldTemplate() {
  const words = useWords();
  return <p className="hint">{words.say('form-unsupported')}</p>;
}

/** The form's own send button stands beside it. */
function NoButton() {
  return null;
}

export const templates: Partial<Omit<TemplatesType, 'ButtonTemplates'>> & { ButtonTemplates: Partial<TemplatesType['ButtonTemplates']> } = {
  FieldTemplate, WrapIfAdditionalTemplate, ObjectFieldTemplate, ArrayFieldTemplate, ArrayFieldItemTemplate, ArrayFieldItemButtonsTemplate, FieldErrorTemplate, MultiSchemaFieldTemplate, UnsupportedFieldTemplate,
  ButtonTemplates: { ClearButton: NoButton },
};
